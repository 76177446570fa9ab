"""What records and changes look like on their way out: JSON Lines or CSV, as they are or compressed."""

import gzip
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from aggregator.model import Change, RecordRow
from aggregator.publish.envelope import change_fields, change_line
from aggregator.publish.record import record_fields, record_line, row_fields, row_lines, told_record
from aggregator.publish.tables import change_cells, change_header, csv_lines, record_cells, record_header

Name = Literal["jsonl", "csv"]
_LEVEL = 6  # of gzip: 9 takes twice as long for a hundredth less


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendering:
    """How to write records and changes."""

    header: bytes
    rows: Callable[[Sequence[RecordRow]], bytes]
    changes: Callable[[Sequence[Change]], bytes]


def rendering(name: Name, base_url: str, *, envelopes: bool) -> Rendering:
    """Return how a format writes: of changes their envelopes, or only the records of those that have one."""
    return _FORMATS[name, envelopes](base_url)


def packed(data: bytes) -> bytes:
    """Return ``data`` as a member of a gzip file, whose members may follow each other; nothing for nothing."""
    return gzip.compress(data, _LEVEL, mtime=0) if data else b""


def _json_records(base_url: str) -> Rendering:
    return Rendering(
        header=b"",
        rows=lambda rows: row_lines(rows, base_url),
        changes=lambda changes: b"".join(
            record_line(record, base_url) for each in changes if (record := told_record(each))
        ),
    )


def _json_changes(base_url: str) -> Rendering:
    return Rendering(
        header=b"",
        rows=lambda rows: row_lines(rows, base_url),
        changes=lambda changes: b"".join(change_line(each, base_url) for each in changes),
    )


def _csv_records(base_url: str) -> Rendering:
    news_url = f"{base_url.rstrip('/')}/news/"
    return Rendering(
        header=record_header(),
        rows=lambda rows: csv_lines(record_cells(row_fields(row, news_url)) for row in rows),
        changes=lambda changes: csv_lines(
            record_cells(record_fields(record, base_url)) for each in changes if (record := told_record(each))
        ),
    )


def _csv_changes(base_url: str) -> Rendering:
    return Rendering(
        header=change_header(),
        rows=_csv_records(base_url).rows,
        changes=lambda changes: csv_lines(change_cells(change_fields(each, base_url)) for each in changes),
    )


_FORMATS: dict[tuple[Name, bool], Callable[[str], Rendering]] = {
    ("jsonl", False): _json_records,
    ("jsonl", True): _json_changes,
    ("csv", False): _csv_records,
    ("csv", True): _csv_changes,
}
