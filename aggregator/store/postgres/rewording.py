"""Giving a record other words for some of its fields: of no poll, and no edit of its feed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import orjson

from aggregator.model import Record, RecordId
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.revisions import Wording, revise
from aggregator.store.sqlite.log import RECORD_COLUMNS
from aggregator.store.sqlite.rewording import STANDING, Words
from aggregator.store.sqlite.values import as_json


def current(connection: Sql, record: RecordId, revision: int) -> Record | None:
    """Return the record where that is its revision, and it is neither merged nor retracted."""
    row = connection.execute(
        f"SELECT {RECORD_COLUMNS} FROM records r WHERE r.id=%s AND r.revision=%s AND {STANDING}", (record, revision)
    ).fetchone()
    return None if row is None else read_record(row)


def details_of(connection: Sql, records: Collection[RecordId]) -> dict[RecordId, dict[str, Any]]:
    """Return what is kept beside records."""
    rows = connection.execute("SELECT id, details FROM records WHERE id=ANY(%s)", (list(records),)).fetchall()
    return {RecordId(record): orjson.loads(details) for record, details in rows}


def reword(
    connection: Sql,
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
    content_hash, feed_id, guid_hash, churn = connection.one(
        "SELECT content_hash, feed_id, guid_hash, churn FROM records WHERE id=%s", (before.id,)
    )
    lang = words.get("lang", before.lang)
    wording = Wording(
        title=before.title,
        summary=str(words.get("summary", before.summary)),
        body_md=before.body_md,
        published_at=before.published_at,
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
