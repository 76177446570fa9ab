"""The golden record and its line."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Record, RecordId, RecordRow
from aggregator.publish.record import record_fields, record_line, row_lines
from aggregator.store.sqlite.values import as_json, stamp, stamp_or_none
from aggregator.text.plain import clean_text, one_line
from tests.publish.making import RECORDS

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "../shared/golden/record.json"
SCHEMA = json.loads((ROOT / "docs/reference/record.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
BASE = "https://news.example"
RECORD = Record(
    id=RecordId(1),
    slug="ferry-returns",
    title="Ferry Returns",
    summary="The ferry is back.",
    body_md="The ferry is back.\n\n[Timetable](https://ferry.example/t?utm_source=rss)",
    canonical_source="https://ferry.example/2026?utm_source=rss",
    published_at=datetime(2026, 3, 2, 7, 30, tzinfo=UTC),
    updated_at=datetime(2026, 3, 2, 7, 41, 12, 589629, tzinfo=UTC),
    lang="en",
    topics=("transport",),
    entities=("Ann Harbour",),
)


def test_the_schema_is_one_and_names_the_keys_in_their_order() -> None:
    """OI-11."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert list(record_fields(RECORD, BASE)) == SCHEMA["required"] == list(SCHEMA["properties"])


def test_a_record_is_shown_in_the_golden_shape() -> None:
    assert record_fields(RECORD, f"{BASE}/") == {
        "slug": "ferry-returns",
        "title": "Ferry Returns",
        "summary": "The ferry is back.",
        "body_md": "The ferry is back.\n\n[Timetable](https://ferry.example/t?utm_source=rss)",
        "url": "https://news.example/news/ferry-returns",
        "canonical_source": "https://ferry.example/2026?utm_source=rss",
        "published_at": "2026-03-02 07:30:00+00:00",
        "updated_at": "2026-03-02 07:41:12.589629+00:00",
        "lang": "en",
        "topics": ["transport"],
        "entities": ["Ann Harbour"],
        "alternates": {
            "html": "https://news.example/news/ferry-returns",
            "markdown": "https://news.example/news/ferry-returns.md",
            "text": "https://news.example/news/ferry-returns.txt",
            "jsonld": "https://news.example/news/ferry-returns.jsonld",
        },
    }


@pytest.mark.skipif(not GOLDEN.exists(), reason="the golden record is not here")
def test_keys_come_in_the_order_of_the_golden_record() -> None:
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))
    fields = record_fields(RECORD, BASE)
    assert list(fields) == list(golden)
    assert list(fields["alternates"]) == list(golden["alternates"])  # type: ignore[call-overload]
    VALIDATOR.validate(golden)


def test_what_is_unknown_is_null_or_empty_never_absent() -> None:
    """OI-11."""
    bare = replace(RECORD, published_at=None, lang=None, summary="", body_md="", topics=(), entities=())
    fields = json.loads(record_line(bare, BASE))
    VALIDATOR.validate(fields)
    assert (fields["published_at"], fields["lang"], fields["topics"]) == (None, None, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"published_at": "2026-03-02T07:30:00Z"},
        {"canonical_source": "javascript:alert(1)"},
        {"canonical_source": "urn:isbn:1"},
        {"lang": "en-us"},
        {"slug": "Ferry Returns"},
        {"title": ""},
        {"title": "two\nlines"},
        {"extra": 1},
        {"summary": "x" * 501},
    ],
)
def test_the_schema_refuses_what_is_no_record(wrong: dict[str, object]) -> None:
    assert not VALIDATOR.is_valid({**record_fields(RECORD, BASE), **wrong})


@given(st.text(alphabet=st.characters(codec=None)), st.text(alphabet=st.characters(codec=None)))
def test_a_line_is_one_line_for_every_splitter(title: str, body: str) -> None:
    """OI-01, OI-02, OI-03, OI-05."""
    record = replace(RECORD, title=one_line(title) or "x", body_md=clean_text(body))
    line = record_line(record, BASE)
    assert line.endswith(b"\n")
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line) == record_fields(record, BASE)


def test_separators_that_json_allows_are_escaped() -> None:
    """OI-02."""
    line = record_line(replace(RECORD, body_md="a\u2028b\u2029c\u0085d"), BASE)
    assert b"a\\u2028b\\u2029c\\u0085d" in line


@given(st.builds(lambda slug: slug, st.from_regex("[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,3}", fullmatch=True)))
def test_every_record_that_is_rendered_fits_the_schema(slug: str) -> None:
    VALIDATOR.validate(json.loads(record_line(replace(RECORD, slug=slug), BASE)))


@given(RECORDS)
def test_a_record_read_back_from_its_line_is_the_same(record: Record) -> None:
    """OI-11; record -> JSONL -> record is the identity."""
    fields = json.loads(record_line(record, BASE))
    assert (fields.pop("url"), fields.pop("alternates")["html"]) == (f"{BASE}/news/{record.slug}",) * 2
    read: dict[str, Any] = {
        **fields,
        "topics": tuple(fields["topics"]),
        "entities": tuple(fields["entities"]),
        "published_at": fields["published_at"] and datetime.fromisoformat(fields["published_at"]),
        "updated_at": datetime.fromisoformat(fields["updated_at"]),
    }
    assert Record(id=record.id, **read) == record


@given(RECORDS)
def test_a_stored_row_and_a_record_give_the_same_line(record: Record) -> None:
    """OI-02, OI-11: whichever way it takes."""
    text = (record.slug, record.title, record.summary, record.body_md, record.canonical_source)
    dates = (stamp_or_none(record.published_at), stamp(record.updated_at))
    row: RecordRow = (*text, *dates, record.lang, as_json(record.topics), as_json(record.entities))
    assert row_lines([row, row], BASE) == 2 * record_line(record, BASE)
