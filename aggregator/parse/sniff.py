"""What a document is when it is no feed, in words for the operator (ST-30, XM-25, XM-27)."""

import re

_KINDS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "a gzip file"),
    (b"BZh", "a bzip2 file"),
    (b"\x28\xb5\x2f\xfd", "a zstd file"),
    (b"\xfd7zXZ", "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%PDF", "a PDF file"),
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"ID3", "an MP3 file"),
    (b"\xff\xfb", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "a SQLite database"),
)
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00", b"\x00{", b"{\x00", b"\x00\x00")
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_HINTS = (
    (re.compile(r"cf[-_]chl|challenge-platform|just a moment\.\.\.|cf-browser-verification", re.IGNORECASE),
     "a browser challenge (Cloudflare)"),
    (re.compile(r"captcha|are you a (?:human|robot)", re.IGNORECASE), "a captcha"),
    (re.compile(r"""type\s*=\s*["']?password""", re.IGNORECASE), "a login page"),
    (re.compile(r"this domain (?:is|may be) for sale|parked (?:free|domain)", re.IGNORECASE), "a parked domain"),
    (re.compile(r"<title>[^<]*(?:404|not found)", re.IGNORECASE), "an error page"),
)  # fmt: skip
_SEEN = 65_536


def binary_kind(body: bytes) -> str | None:
    """Return what a document that cannot be text is, or None."""
    named = next((kind for magic, kind in _KINDS if body.startswith(magic)), None)
    if named or body.startswith(_WIDE):
        return named
    # A feed may hold a stray NUL (XM-17); a file full of them is none.
    return "binary data" if body[:4096].count(0) > 16 else None


def html_kind(text: str) -> str | None:
    """Return what kind of HTML page a text is, or None where it is none."""
    if not _HTML.search(text, 0, _SEEN):
        return None
    hint = next((hint for shape, hint in _HINTS if shape.search(text, 0, _SEEN)), None)
    return f"an HTML page, by its looks {hint}" if hint else "an HTML page"
