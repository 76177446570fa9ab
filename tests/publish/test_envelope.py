"""The envelope of a change."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
from hypothesis import given
from referencing import Registry, Resource

from aggregator.model import Change, Cluster, Record, Seq
from aggregator.publish.envelope import change_fields, change_line
from tests.publish.making import BASE, NOW, RECORDS, a_change, a_gap, a_record

REFERENCE = Path(__file__).parents[2] / "docs/reference"
SCHEMA = json.loads((REFERENCE / "change.schema.json").read_text(encoding="utf-8"))
RECORD_SCHEMA = json.loads((REFERENCE / "record.schema.json").read_text(encoding="utf-8"))
REGISTRY: Registry[Any] = Registry().with_resource("record.schema.json", Resource.from_contents(RECORD_SCHEMA))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, registry=REGISTRY)


def test_the_schema_names_the_keys_in_their_order() -> None:
    """OI-11."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert list(change_fields(a_change(1), BASE)) == SCHEMA["required"] == list(SCHEMA["properties"])


def test_every_envelope_fits_the_schema_and_unknown_is_null() -> None:
    """OI-11: never absent."""
    for change in (a_change(7), a_gap(8)):
        VALIDATOR.validate(json.loads(change_line(change, BASE)))
    gap = json.loads(change_line(a_gap(8), BASE))
    assert (gap["feed"], gap["sighting"], gap["revision"], gap["record"]) == (None, None, None, None)
    assert gap["detail"] == {"missed": 3}


def test_an_envelope_says_where_a_record_came_from() -> None:
    """HT-16: credentials in the feed's URL are masked."""
    fields = change_fields(a_change(7), BASE)
    assert fields["feed"] == {"url": "https://***@x.example/feed", "name": "X", "title": "The X"}
    assert fields["sighting"] == {
        "guid": "g7",
        "link": "https://x.example/7",
        "first_seen": "2026-06-24 23:59:00+00:00",
        "published_raw": None,
        "date_flags": ["tz_guessed"],
    }


def test_an_envelope_says_what_readers_do_not_see_and_who_said_what() -> None:
    fields = change_fields(a_change(7), BASE)
    assert fields["flags"] == ["hidden_text"]
    assert fields["provenance"] == {"body_md": "feed", "lang": "model/1"}


def test_an_envelope_says_what_each_entity_is_a_name_of() -> None:
    record = replace(a_record(), entities=("Ann Otter", "Umbrax"))
    change = replace(a_change(7), record=record)
    named = [{"name": "Ann Otter", "kind": "person"}, {"name": "Umbrax", "kind": None}]
    assert change_fields(change, BASE)["entities"] == named
    VALIDATOR.validate(json.loads(change_line(change, BASE)))
    assert change_fields(replace(change, entity_kinds=None), BASE)["entities"] is None


def test_an_envelope_has_the_size_of_the_body_and_its_chunks() -> None:
    body = "The harbour ferry sails again from Monday, after repairs that took eleven weeks."
    record = replace(a_record(), body_md=body)
    fields = change_fields(replace(a_change(7), record=record), BASE)
    chunk = {"id": "8c9a977b3e99e932", "tokens": 18, "start": 0, "end": len(body)}
    assert fields["content"] == {"tokens": 18, "chunks": [chunk]}
    assert change_fields(a_change(7), BASE)["content"] == {"tokens": 0, "chunks": []}


def test_an_envelope_names_the_cluster_of_its_record() -> None:
    change = replace(a_change(7), cluster=Cluster(id="story-1", records=3))
    VALIDATOR.validate(json.loads(change_line(change, BASE)))
    assert change_fields(change, BASE)["story"] == {"id": "story-1", "records": 3}
    assert change_fields(a_change(7), BASE)["story"] is None


@given(RECORDS)
def test_an_envelope_is_one_line_for_every_splitter(record: Record) -> None:
    """OI-01, OI-02, OI-05."""
    change = Change(seq=Seq(1), kind="updated", at=NOW, revision=2, record=record)
    line = change_line(change, BASE)
    assert len(line.decode().splitlines()) == 1
    assert json.loads(line) == change_fields(change, BASE)
