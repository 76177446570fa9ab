"""Writing a revision: the old words are packed beside it, the new ones take their place, the log says so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aggregator.model import Draft, FeedId, RecordId
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.lock import take_seqs
from aggregator.store.sqlite.log import pack
from aggregator.store.sqlite.values import as_json, names, stamp, stamp_or_none


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What a revision says, as columns, and whose words they are."""

    title: str
    summary: str
    body_md: str
    published_at: datetime | None
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
            published_at=draft.published_at,
            lang=draft.lang,
            topics=as_json(draft.topics),
            entities=as_json(draft.entities),
            content_hash=draft.content_hash,
            details=as_json(draft.details),
            feed_id=feed_id,
            guid_hash=draft.identity.guid_hash,
            match_key=draft.identity.match_key,
        )


def next_record(connection: Sql) -> RecordId:
    """Return the number that the next record has; only for whoever is alone."""
    return RecordId(connection.one("SELECT coalesce(max(id), 0)+1 FROM records")[0])


def take_numbers(connection: Sql, records: int) -> tuple[RecordId, int]:
    """Take the numbers and seqs of so many new records; return the first of each. Only for whoever is alone."""
    ident, seq = connection.one(
        "UPDATE log_end SET seq=seq+%(count)s RETURNING (SELECT coalesce(max(id), 0)+1 FROM records), seq-%(count)s+1",
        {"count": records},
    )
    return RecordId(ident), int(seq)


def revise(
    connection: Sql,
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
    seq = take_seqs(connection)
    connection.execute(
        "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at, detail)"
        " VALUES (%s, 'updated', %s, %s, %s, %s, %s)",
        (seq, record, wording.feed_id, revision, now, detail),
    )
    connection.execute(
        "INSERT INTO revisions (record_id, revision, at, content_hash, feed_id, guid_hash, match_key)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s)",
        (
            record,
            revision,
            now,
            wording.content_hash,
            wording.feed_id,
            wording.guid_hash,
            wording.match_key,
        ),
    )
    connection.execute(
        "UPDATE records SET title=%s, summary=%s, body_md=%s, published_at=coalesce(published_at, %s), updated_at=%s,"
        " lang=%s, topics=%s, entities=%s, feed_id=%s, guid_hash=%s, revision=%s, content_hash=%s,"
        " details=coalesce(%s, details), seq=%s, churn=%s, retracted_at=NULL WHERE id=%s",
        (
            wording.title,
            wording.summary,
            wording.body_md,
            wording.published_at,
            now,
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


def _archive(connection: Sql, record: RecordId, revision: int) -> None:
    title, summary, body_md, published, at, lang, topics, entities = connection.one(
        "SELECT title, summary, body_md, published_at, updated_at, lang, topics, entities FROM records WHERE id=%s",
        (record,),
    )
    content = pack(
        {
            "title": title,
            "summary": summary,
            "body_md": body_md,
            "published_at": stamp_or_none(published),
            "updated_at": stamp(at),
            "lang": lang,
            "topics": names(topics),
            "entities": names(entities),
        }
    )
    connection.execute(
        "UPDATE revisions SET content=%s WHERE record_id=%s AND revision=%s", (content, record, revision)
    )
