"""CSV for spreadsheets: one record or change a line, and nothing in it that a spreadsheet would run.

It is not exact: line ends become ``\\n``, and what could be a formula gets an apostrophe. JSON Lines are.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping

import orjson

_RECORD = (
    *("slug", "title", "summary", "body_md", "url", "canonical_source"),
    *("published_at", "updated_at", "lang", "topics", "entities"),
)
_CHANGE = ("seq", "kind", "at", "feed", "revision")
_LINE_ENDS = ("\r\n", *"\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")  # for str.splitlines, so for most others
# Excel, LibreOffice and Google Sheets calculate cells that begin so, be it in full width.
_FORMULA = re.compile("[\\s\ufeff\u200b]*[=+\\-@\t\uff1d\uff0b\uff0d\uff20]")


def record_header() -> bytes:
    """Return the line that names the columns of ``record_cells``."""
    return csv_lines([_RECORD])


def change_header() -> bytes:
    """Return the line that names the columns of ``change_cells``."""
    return csv_lines([(*_CHANGE, *_RECORD, "detail")])


def record_cells(fields: Mapping[str, object]) -> list[str]:
    """Return the cells of a record's public fields; lists are joined by commas, what is unknown is empty."""
    return [_cell(fields[name]) for name in _RECORD]


def change_cells(fields: Mapping[str, object]) -> list[str]:
    """Return the cells of an envelope's fields; a change without a record has empty ones, ``detail`` is JSON."""
    record, feed, detail = fields["record"], fields["feed"], fields["detail"]
    head = {**fields, "feed": feed["url"] if isinstance(feed, Mapping) else None}
    return [
        *(_cell(head[name]) for name in _CHANGE),
        *(record_cells(record) if isinstance(record, Mapping) else [""] * len(_RECORD)),
        "" if detail is None else _cell(orjson.dumps(detail).decode()),
    ]


def csv_lines(rows: Iterable[Iterable[str]]) -> bytes:
    """Return the rows as CSV (RFC 4180, but ending in a bare newline), every cell in quotes."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def _cell(value: object) -> str:
    if isinstance(value, orjson.Fragment):
        value = orjson.loads(orjson.dumps(value))
    text = "" if value is None else ",".join(value) if isinstance(value, list) else str(value)
    for end in _LINE_ENDS:
        text = text.replace(end, r"\n")
    return f"'{text}" if _FORMULA.match(text) else text
