"""Bytes of a list -> text, whatever wrote them (OP-06)."""

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_TEXT = re.compile(
    r"ascii|utf-8|iso8859-\d+|cp\d+|koi8-\w|mac-\w+|gb\w+|big5\w*|euc_\w+|shift_jis\w*|iso2022_\w+|johab|tis-620|hz"
)


def decode(body: bytes) -> str:
    """Return the text: by its mark, else as declared, else as UTF-8, else as Windows-1252 with the rest replaced.

    Only encodings of text are believed: Python also knows codecs that run rules or unpack archives (XM-21).
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace").removeprefix("\ufeff")
    for encoding in (*_declared(body), "utf-8"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return body.decode("cp1252", "replace")


def _declared(body: bytes) -> tuple[str, ...]:
    declared = _DECLARED.match(body)
    try:
        name = codecs.lookup(declared[1].decode("ascii")).name if declared else ""
    except LookupError:
        return ()
    return (name,) if _TEXT.fullmatch(name) else ()
