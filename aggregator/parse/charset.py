"""Bytes to text: which encoding a document is in."""

import codecs
import re

import chardet

# Text encodings that documents are written in; Python has codecs that are none, or that hide markup (XM-21). The wide
# ones show in the first bytes; as a mere label they are mistaken.
_ALLOWED = frozenset(
    codecs.lookup(name).name
    for name in (
        *("utf-8", "ascii"),
        *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 16)),
        *("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258"),
        *("cp037", "cp437", "cp850", "cp852", "cp855", "cp866", "cp874", "tis-620"),
        *("koi8-r", "koi8-u", "koi8-t", "ptcp154", "kz1048"),
        *("mac-roman", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-latin2", "mac-iceland"),
        *("gb2312", "gbk", "gb18030", "hz", "big5", "big5hkscs", "cp950", "euc_kr", "cp949", "johab", "iso2022_kr"),
        *(
            "shift_jis",
            "shift_jisx0213",
            "cp932",
            "euc_jp",
            "euc_jisx0213",
            "iso2022_jp",
            "iso2022_jp_1",
            "iso2022_jp_2",
        ),
    )
)
# What browsers read a label as, because its superset is what was meant (WHATWG Encoding, "names and labels").
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso8859-8",
    "x-euc-jp": "euc_jp",
}
_META = re.compile(rb"<meta\b[^>]{0,300}?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The same for a document without one whose first character is ASCII, as that of markup is (XML 1.0, appendix F).
_STARTS = (
    (re.compile(rb"[\t-~]\0\0\0"), "utf-32-le"),
    (re.compile(rb"\0\0\0[\t-~]"), "utf-32-be"),
    (re.compile(rb"[\t-~]\0[^\0]\0"), "utf-16-le"),
    (re.compile(rb"\0[\t-~]\0[^\0]"), "utf-16-be"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_DECLARATION = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})[\"']")
_META = re.compile(rb"<meta\s[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
_SHIFT_TO_JAPANESE = re.compile(rb"\x1b\$[@B]")  # seven bits, so that it would pass for UTF-8 (RFC 1468)
_MOST_GUESSED_FROM = 64 * 1024  # bytes
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)


def decode(body: bytes, content_type: str | None) -> str:
    """Return the document's text, without a byte order mark.

    In the order of trust (XM-22): the byte order mark, the header's charset, the XML declaration, UTF-8, what HTML's
    meta element says, what the bytes look like, Windows-1252; the first that fits, every byte if possible, else all but
    a few, which become U+FFFD. Labels that name no text encoding are passed over (XM-21). Never raises.
    """
    proposed = _proposed(body, content_type)
    for encoding in proposed:
        try:
            return body.decode(encoding).removeprefix("\ufeff")
        except UnicodeError:
            continue
    # A few bad bytes do not make it another encoding, as a cut in the middle of a character shows.
    lenient = (body.decode(encoding, "replace").removeprefix("\ufeff") for encoding in (*proposed, *_stated(body)))
    fitting = next((text for text in lenient if _mostly_fits(text)), None)
    return body.decode(_looks_like(body), "replace") if fitting is None else fitting


def _stated(body: bytes) -> list[str]:
    meta = _META.search(body[:4096])
    encoding = _allowed(meta[1].decode("ascii")) if meta else None
    return [encoding] if encoding else []


def _looks_like(body: bytes) -> str:
    return _allowed(chardet.detect(body[:_MOST_GUESSED_FROM])["encoding"] or "") or "cp1252"


def decode_page(body: bytes, content_type: str | None) -> str:
    """Return a web page's text as ``decode`` does; a ``<meta>`` counts where the header names no charset."""
    if _CHARSET.search(content_type or "") is None and (stated := _META.search(body[:4096])):
        content_type = f"text/html; charset={stated[1].decode('ascii')}"
    return decode(body, content_type)


def _mostly_fits(text: str) -> bool:
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text.count("\ufffd") * 4 <= beyond_ascii


def _proposed(body: bytes, content_type: str | None) -> list[str]:
    seen = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    seen = seen or next((encoding for start, encoding in _STARTS if start.match(body)), None)
    if seen:  # its bytes say what no label can change
        return [seen, "utf-8"]
    header = _CHARSET.search(content_type or "")
    declared = _DECLARATION.match(body[:1024])
    named = (header[1] if header else "", declared[1].decode("ascii") if declared else "")
    encodings = [encoding for label in named if (encoding := _allowed(label))]
    if not encodings and _SHIFT_TO_JAPANESE.search(body):
        return ["iso2022_jp", "utf-8"]
    # The Western labels are what servers and generators say of anything; UTF-8 does not fit by accident.
    return ["utf-8", *encodings] if "cp1252" in encodings else [*encodings, "utf-8"]


def _allowed(label: str) -> str | None:
    try:
        name = _LABELS.get(label.lower()) or codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    return _MEANT.get(name, name) if name in _ALLOWED else None
