"""Giving a record other words for some of its fields: of no poll, and no edit of its feed."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from aggregator.model import Record, RecordId
from aggregator.store.sqlite.log import RECORD_COLUMNS, read_record
from aggregator.store.sqlite.revisions import Wording, revise
from aggregator.store.sqlite.values import as_json, stamp_or_none

STANDING = "r.merged_into IS NULL AND r.retracted_at IS NULL"
Words = Mapping[str, str | tuple[str, ...] | None]  # by the field of the record


def current(connection: sqlite3.Connection, record: RecordId, revision: int) -> Record | None:
    """Return the record where that is its revision, and it is neither merged nor retracted."""
    row = connection.execute(
        f"SELECT {RECORD_COLUMNS} FROM records r WHERE r.id=? AND r.revision=? AND {STANDING}",  # noqa: S608 - constants
        (record, revision),
    ).fetchone()
    return None if row is None else read_record(row)


def details_of(connection: sqlite3.Connection, record: RecordId) -> dict[str, Any]:
    """Return what is kept beside a record."""
    (details,) = connection.execute("SELECT details FROM records WHERE id=?", (record,)).fetchone()
    known: dict[str, Any] = orjson.loads(details)
    return known


def reword(
    connection: sqlite3.Connection,
    before: Record,
    words: Words,
    now: datetime,
    *,
    revision: int,
    details: Mapping[str, object],
    detail: Mapping[str, object],
) -> None:
    """Make the record, with these words in place of its own, the revision after ``revision``, which is its current one.

    ``details`` are kept beside it, ``detail`` is what its ``updated`` line says.
    """
    content_hash, feed_id, guid_hash, churn = connection.execute(
        "SELECT content_hash, feed_id, guid_hash, churn FROM records WHERE id=?", (before.id,)
    ).fetchone()
    lang = words.get("lang", before.lang)
    wording = Wording(
        title=before.title,
        summary=str(words.get("summary", before.summary)),
        body_md=before.body_md,
        published_at=stamp_or_none(before.published_at),
        lang=None if lang is None else str(lang),
        topics=as_json(words.get("topics", before.topics)),
        entities=as_json(words.get("entities", before.entities)),
        content_hash=content_hash,  # the feed's words are the same: its next poll changes nothing
        details=as_json(details),
        feed_id=feed_id,
        guid_hash=guid_hash,
        match_key=None,
    )
    revise(connection, before.id, wording, now, revision=revision + 1, churn=churn, detail=as_json(detail))
