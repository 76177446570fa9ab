"""Writing plans, several at once, table by table, in as few statements as there are tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import FeedId, RecordId
from aggregator.store.plan import NewRecord, Plan, Seen, Story
from aggregator.store.postgres.arrays import Array, bigints, blobs, floats, jsons, moments, texts
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.duplicates import look_for_copies
from aggregator.store.postgres.record_edits import RecordEdits
from aggregator.store.postgres.revisions import take_numbers
from aggregator.store.sqlite.values import as_json
from aggregator.url.clean import RULES_VERSION

_BACKFILL = as_json({"backfill": True})
_AGAIN = "UPDATE {} SET last_seen=%s WHERE feed_id=%s AND guid_hash=ANY(%s)"
_RECORDS = """
INSERT INTO records (id, slug, title, summary, body_md, canonical_source, published_at, updated_at, lang, topics,
    entities, match_key, match_key_version, feed_id, guid_hash, revision, content_hash, details, seq, first_seen_at)
SELECT id, slug, title, summary, body, source, published, at, lang, topics, entities, key, %(version)s, feed, guid, 1,
    hash, details, seq, at
FROM unnest(%(id)s, %(slug)s, %(title)s, %(summary)s, %(body)s, %(source)s, %(published)s, %(at)s, %(lang)s, %(topics)s,
    %(entities)s, %(key)s, %(feed)s, %(guid)s, %(hash)s, %(details)s, %(seq)s)
    AS new(id, slug, title, summary, body, source, published, at, lang, topics, entities, key, feed, guid, hash,
    details, seq)
"""
_REVISIONS = """
INSERT INTO revisions (revision, record_id, at, feed_id, content_hash, guid_hash)
SELECT 1, * FROM unnest(%(id)s, %(at)s, %(feed)s, %(hash)s, %(guid)s)
"""
_CHANGES = """
INSERT INTO changes (kind, revision, seq, record_id, feed_id, at, detail)
SELECT 'new', 1, * FROM unnest(%(seq)s, %(id)s, %(feed)s, %(at)s, %(detail)s)
"""
_SIGHTINGS = """
INSERT INTO sightings (feed_id, first_seen, last_seen, record_id, guid, guid_hash, entry_hash, link, reason, confidence)
SELECT feed, at, at, record, guid, hash, entry, link, reason, confidence
FROM unnest(%(feed)s, %(at)s, %(record)s, %(guid)s, %(hash)s, %(entry)s, %(link)s, %(reason)s, %(confidence)s)
    AS seen(feed, at, record, guid, hash, entry, link, reason, confidence)
ON CONFLICT (feed_id, guid_hash) DO UPDATE SET record_id=excluded.record_id, entry_hash=excluded.entry_hash,
    link=excluded.link, last_seen=excluded.last_seen, reason=coalesce(excluded.reason, sightings.reason),
    confidence=coalesce(excluded.confidence, sightings.confidence)
"""
_ALIAS = (
    "INSERT INTO aliases (match_key, record_id, reason, confidence, at) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The plan of one feed, and when it is carried out."""

    plan: Plan
    feed_id: FeedId
    now: datetime


class RecordWrites:
    """Plans of different feeds that have no story in common, written inside the caller's transaction.

    Only for whoever is alone, unless none of them tells of a story that is not known already.
    """

    def __init__(self, connection: Sql, parts: Sequence[Part]) -> None:
        self._sql = connection
        self._parts = parts
        # Packed at once: others need not wait for that.
        self._new = [(item, part) for part in parts for item in part.plan.new]
        self._new_columns = _columns_of_new(self._new)
        # By guid, the last of each: one statement may write a row once only.
        named = {
            (part.feed_id, each.draft.identity.guid_hash): (each, part) for part in parts for each in part.plan.seen
        }
        self._seen = list(named.values())
        self._seen_columns = _columns_of_seen(self._seen)

    def write(self) -> None:
        """Write everything that was planned."""
        records, seqs = self._numbers()
        ids: dict[Story, RecordId] = {
            item.draft.identity.match_key: record for (item, _), record in zip(self._new, records, strict=True)
        }
        ids |= {merge.gone.id: merge.into.id for part in self._parts for merge in part.plan.merged}
        with self._sql.pipeline():  # most of it waits for no answer
            self._insert(records, seqs)
            for part in self._parts:
                RecordEdits(self._sql, part.feed_id, part.now).write(part.plan)
            self._sight(ids)
            for part in self._parts:
                self._tidy(part, ids)
            self._look_for_copies(records)
        for part in self._parts:
            RecordEdits(self._sql, part.feed_id, part.now).drop(part.plan.dropped)

    def _numbers(self) -> tuple[Sequence[RecordId], Sequence[int]]:
        """Give ids and seqs out by hand, so that whole tables can be written at once."""
        if not self._new:
            return (), ()
        ident, seq = take_numbers(self._sql, len(self._new))
        return [RecordId(ident + place) for place in range(len(self._new))], range(seq, seq + len(self._new))

    def _insert(self, records: Sequence[RecordId], seqs: Sequence[int]) -> None:
        if self._new:
            values = {**self._new_columns, "id": bigints(records), "seq": bigints(seqs)}
            for table in (_RECORDS, _REVISIONS, _CHANGES):
                self._sql.execute(table, values)

    def _sight(self, ids: Mapping[Story, RecordId]) -> None:
        if self._seen:
            records = bigints(_resolved(each.record, ids) for each, _ in self._seen)
            self._sql.execute(_SIGHTINGS, {**self._seen_columns, "record": records})
        for part in self._parts:
            if part.plan.seen_again:
                again = (part.now, part.feed_id, blobs(part.plan.seen_again))
                for table in ("sightings", "tombstones"):
                    self._sql.execute(_AGAIN.format(table), again)

    def _tidy(self, part: Part, ids: Mapping[Story, RecordId]) -> None:
        edits = RecordEdits(self._sql, part.feed_id, part.now)
        edits.forget_names({_resolved(seen.record, ids) for seen in part.plan.seen if seen.reason is not None})
        self._sql.many(
            _ALIAS,
            [
                (alias.match_key, _resolved(alias.record, ids), alias.reason, alias.confidence, part.now)
                for alias in part.plan.aliases
            ],
        )
        edits.bury(part.plan.buried, "pruned")

    def _look_for_copies(self, records: Sequence[RecordId]) -> None:
        changed = (updated for part in self._parts for updated in part.plan.updated)
        look_for_copies(
            self._sql,
            [(record, item.draft.signature) for (item, _), record in zip(self._new, records, strict=True)],
            [(updated.kept.id, updated.draft.signature) for updated in changed],
            max(part.now for part in self._parts),
        )


def _columns_of_new(new: Sequence[tuple[NewRecord, Part]]) -> dict[str, Array | int]:
    """Return what is known of new records before they have numbers."""
    drafts = [item.draft for item, _ in new]
    return {
        "slug": texts(item.slug for item, _ in new),
        "title": texts(draft.title for draft in drafts),
        "summary": texts(draft.summary for draft in drafts),
        "body": texts(draft.body_md for draft in drafts),
        "source": texts(draft.identity.canonical_source for draft in drafts),
        "published": moments(draft.published_at for draft in drafts),
        "at": moments(part.now for _, part in new),
        "lang": texts(draft.lang for draft in drafts),
        "topics": jsons(as_json(draft.topics) for draft in drafts),
        "entities": jsons(as_json(draft.entities) for draft in drafts),
        "key": texts(draft.identity.match_key for draft in drafts),
        "version": RULES_VERSION,
        "feed": bigints(part.feed_id for _, part in new),
        "guid": blobs(draft.identity.guid_hash for draft in drafts),
        "hash": blobs(draft.content_hash for draft in drafts),
        "details": jsons(as_json(draft.details) for draft in drafts),
        "detail": jsons(_BACKFILL if part.plan.backfill else None for _, part in new),
    }


def _columns_of_seen(seen: Sequence[tuple[Seen, Part]]) -> dict[str, Array]:
    """Return what is known of sightings before new records have numbers."""
    drafts = [each.draft for each, _ in seen]
    return {
        "feed": bigints(part.feed_id for _, part in seen),
        "at": moments(part.now for _, part in seen),
        "guid": texts(draft.identity.guid for draft in drafts),
        "hash": blobs(draft.identity.guid_hash for draft in drafts),
        "entry": blobs(draft.entry_hash for draft in drafts),
        "link": texts(draft.identity.link for draft in drafts),
        "reason": texts(each.reason for each, _ in seen),
        "confidence": floats(each.confidence for each, _ in seen),
    }


def _resolved(story: Story, ids: Mapping[Story, RecordId]) -> RecordId:
    return ids[story] if isinstance(story, str) else ids.get(story, story)
