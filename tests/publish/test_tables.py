"""CSV that a spreadsheet shows and never runs."""

import csv
import io

from hypothesis import given

from aggregator.model import Change, Record, RecordRow, Seq
from aggregator.publish.formats import rendering
from tests.publish.making import BASE, NOW, RECORDS, a_change, a_gap

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cells(data: bytes) -> list[list[str]]:
    """Read CSV as a program would."""
    return list(csv.reader(io.StringIO(data.decode()), strict=True))


def row_of(record: Record) -> RecordRow:
    """Return a row with a hostile title."""
    return ("slug", record.title, "", record.body_md, "u", None, "2026-06-24 23:59:00.000000+00:00", None, "[]", "[]")


@given(RECORDS)
def test_a_record_is_one_line_and_no_cell_is_a_formula(record: Record) -> None:
    """OI-01, OI-02, XS-25: a line for every splitter; no cell begins with what a spreadsheet calculates."""
    form = rendering("csv", BASE, envelopes=False)
    change = Change(seq=Seq(1), kind="new", at=NOW, revision=1, record=record)
    for data in (form.changes([change]), form.rows([row_of(record)])):
        assert data.count(b"\n") == len(data.decode().splitlines()) == 1
        (row,) = cells(data)
        assert len(row) == len(cells(form.header)[0])
        assert not any(cell.lstrip(" \u200b\ufeff").startswith(FORMULAS) for cell in row)


def test_what_could_be_a_formula_gets_an_apostrophe() -> None:
    record = a_change(1).record
    assert record is not None
    for text in ("=cmd|' /C calc'!A0", " =1", "@SUM(A1)", "+1", "-1", "\uff1d1"):
        (row,) = cells(rendering("csv", BASE, envelopes=False).rows([(text, *row_of(record)[1:])]))
        assert row[0] == f"'{text}"


def test_a_change_without_a_record_has_empty_cells() -> None:
    form = rendering("csv", BASE, envelopes=True)
    header, story, gap = cells(form.header + form.changes([a_change(1), a_gap(2)]))
    assert dict(zip(header, story, strict=True))["feed"] == "https://***@x.example/feed"
    assert dict(zip(header, gap, strict=True)) == dict.fromkeys(header, "") | {
        "seq": "2",
        "kind": "gap",
        "at": "2026-06-24 23:59:00+00:00",
        "detail": '{"missed":3}',
    }
