"""Writing a revision: the old words are packed beside it, the new ones take their place, the log says so."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aggregator.model import Draft, FeedId, RecordId
from aggregator.store.sqlite.log import pack
from aggregator.store.sqlite.values import as_json, names, stamp, stamp_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a revision says, as columns, and whose words they are."""

    title: str
    summary: str
    body_md: str
    published_at: str | None
    lang: str | None
    topics: str
    entities: str
    content_hash: bytes
    details: str | None  # None: as it was
    feed_id: FeedId
    guid_hash: bytes
    match_key: str | None  # None: the record's own

    @classmethod
    def of(cls, draft: Draft, feed_id: FeedId) -> Self:
        """Return the wording of an entry."""
        return cls(
            title=draft.title,
            summary=draft.summary,
            body_md=draft.body_md,
            published_at=stamp_or_none(draft.published_at),
            lang=draft.lang,
            topics=as_json(draft.topics),
            entities=as_json(draft.entities),
            content_hash=draft.content_hash,
            details=as_json(draft.details),
            feed_id=feed_id,
            guid_hash=draft.identity.guid_hash,
            match_key=draft.identity.match_key,
        )


def next_seq(connection: sqlite3.Connection) -> int:
    """Return the seq that the next change has: none is given twice, even when the newest changes are gone."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name='changes'").fetchone()
    return 1 if row is None else int(row[0]) + 1


def revise(
    connection: sqlite3.Connection,
    record: RecordId,
    wording: Wording,
    now: datetime,
    *,
    revision: int,
    churn: int = 0,
    detail: str | None = None,
) -> None:
    """Make ``wording`` revision ``revision`` of the record, the one after its current, with its ``updated`` line.

    The slug and the source stay; the first date that was stated stays (DT-27). A record that was retracted is back.
    """
    _archive(connection, record, revision - 1)
    seq = next_seq(connection)
    connection.execute(
        "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at, detail)"
        " VALUES (?, 'updated', ?, ?, ?, ?, ?)",
        (seq, record, wording.feed_id, revision, stamp(now), detail),
    )
    connection.execute(
        "INSERT INTO revisions (record_id, revision, at, content_hash, feed_id, guid_hash, match_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            record,
            revision,
            stamp(now),
            wording.content_hash,
            wording.feed_id,
            wording.guid_hash,
            wording.match_key,
        ),
    )
    connection.execute(
        "UPDATE records SET title=?, summary=?, body_md=?, published_at=coalesce(published_at, ?), updated_at=?,"
        " lang=?, topics=?, entities=?, feed_id=?, guid_hash=?, revision=?, content_hash=?,"
        " details=coalesce(?, details), seq=?, churn=?, retracted_at=NULL WHERE id=?",
        (
            wording.title,
            wording.summary,
            wording.body_md,
            wording.published_at,
            stamp(now),
            wording.lang,
            wording.topics,
            wording.entities,
            wording.feed_id,
            wording.guid_hash,
            revision,
            wording.content_hash,
            wording.details,
            seq,
            churn,
            record,
        ),
    )


def _archive(connection: sqlite3.Connection, record: RecordId, revision: int) -> None:
    title, summary, body_md, published, at, lang, topics, entities = connection.execute(
        "SELECT title, summary, body_md, published_at, updated_at, lang, topics, entities FROM records WHERE id=?",
        (record,),
    ).fetchone()
    content = pack(
        {
            "title": title,
            "summary": summary,
            "body_md": body_md,
            "published_at": published,
            "updated_at": at,
            "lang": lang,
            "topics": names(topics),
            "entities": names(entities),
        }
    )
    connection.execute("UPDATE revisions SET content=? WHERE record_id=? AND revision=?", (content, record, revision))
