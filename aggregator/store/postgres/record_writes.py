"""Writing plans, several at once, table by table, in as few statements as there are tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from aggregator.model import Draft, FeedId, RecordId
from aggregator.store.plan import NewRecord, Plan, Seen, Story
from aggregator.store.postgres.arrays import Array, bigints, blobs, floats, integers, jsons, moments, texts
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
SELECT id, slug, title, summary, body_md, source, published, at, lang, topics, entities, key, version, feed, guid, 1,
    content, details, seq, at
FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) AS new(id, slug, title, summary,
    body_md, source, published, at, lang, topics, entities, key, version, feed, guid, content, details, seq)
"""
_REVISIONS = """
INSERT INTO revisions (revision, record_id, at, feed_id, content_hash, guid_hash)
SELECT 1, * FROM unnest(%s, %s, %s, %s, %s)
"""
_CHANGES = """
INSERT INTO changes (kind, revision, seq, record_id, feed_id, at, detail)
SELECT 'new', 1, * FROM unnest(%s, %s, %s, %s, %s)
"""
_SIGHTINGS = """
INSERT INTO sightings (feed_id, first_seen, last_seen, record_id, guid, guid_hash, entry_hash, link, reason, confidence)
SELECT feed, at, at, record, guid, hash, entry, link, reason, confidence
FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s, %s)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _New:
    draft: Draft
    slug: str
    id: RecordId
    seq: int
    part: Part


class RecordWrites:
    """Plans of different feeds that have no story in common, written inside the caller's transaction.

    Only for whoever is alone, unless none of them tells of a story that is not known already.
    """

    def __init__(self, connection: Sql, parts: Sequence[Part]) -> None:
        self._sql = connection
        self._parts = parts

    def write(self) -> None:
        """Write everything that was planned."""
        new = self._numbered()
        with self._sql.pipeline():  # most of it waits for no answer
            self._insert(new)
            for part in self._parts:
                RecordEdits(self._sql, part.feed_id, part.now).write(part.plan)
            ids: dict[Story, RecordId] = {each.draft.identity.match_key: each.id for each in new}
            ids |= {merge.gone.id: merge.into.id for part in self._parts for merge in part.plan.merged}
            self._sight(ids)
            for part in self._parts:
                self._tidy(part, ids)
            self._look_for_copies(new)
        for part in self._parts:
            RecordEdits(self._sql, part.feed_id, part.now).drop(part.plan.dropped)

    def _numbered(self) -> list[_New]:
        """Give ids and seqs out by hand, so that whole tables can be written at once."""
        items: list[tuple[NewRecord, Part]] = [(item, part) for part in self._parts for item in part.plan.new]
        if not items:
            return []
        ident, seq = take_numbers(self._sql, len(items))
        return [
            _New(draft=item.draft, slug=item.slug, id=RecordId(number), seq=seq, part=part)
            for (item, part), number, seq in zip(items, count(ident), count(seq), strict=False)
        ]

    def _insert(self, new: Sequence[_New]) -> None:
        if not new:
            return
        ids, seqs = bigints(each.id for each in new), bigints(each.seq for each in new)
        feeds, at = bigints(each.part.feed_id for each in new), moments(each.part.now for each in new)
        contents = blobs(each.draft.content_hash for each in new)
        guids = blobs(each.draft.identity.guid_hash for each in new)
        details = jsons(_BACKFILL if each.part.plan.backfill else None for each in new)
        slugs = texts(each.slug for each in new)
        words = _words([each.draft for each in new])
        keys = (texts(each.draft.identity.match_key for each in new), integers([RULES_VERSION] * len(new)))
        kept = jsons(as_json(each.draft.details) for each in new)
        published = moments(each.draft.published_at for each in new)
        title, summary, body, source, lang, topics, entities = words
        self._sql.execute(
            _RECORDS,
            (
                *(ids, slugs, title, summary, body, source, published, at, lang, topics, entities),
                *(*keys, feeds, guids, contents, kept, seqs),
            ),
        )
        self._sql.execute(_REVISIONS, (ids, at, feeds, contents, guids))
        self._sql.execute(_CHANGES, (seqs, ids, feeds, at, details))

    def _sight(self, ids: Mapping[Story, RecordId]) -> None:
        # By guid, the last of each: one statement may write a row once only.
        named = {
            (part.feed_id, each.draft.identity.guid_hash): (part.now, each)
            for part in self._parts
            for each in part.plan.seen
        }
        if named:
            self._sql.execute(
                _SIGHTINGS,
                (
                    bigints(feed for feed, _ in named),
                    moments(now for now, _ in named.values()),
                    *_sightings([each for _, each in named.values()], ids),
                ),
            )
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

    def _look_for_copies(self, new: Sequence[_New]) -> None:
        changed = (updated for part in self._parts for updated in part.plan.updated)
        look_for_copies(
            self._sql,
            [(each.id, each.draft.signature) for each in new],
            [(updated.kept.id, updated.draft.signature) for updated in changed],
            max(part.now for part in self._parts),
        )


def _words(drafts: Sequence[Draft]) -> tuple[Array, ...]:
    return (
        texts(draft.title for draft in drafts),
        texts(draft.summary for draft in drafts),
        texts(draft.body_md for draft in drafts),
        texts(draft.identity.canonical_source for draft in drafts),
        texts(draft.lang for draft in drafts),
        jsons(as_json(draft.topics) for draft in drafts),
        jsons(as_json(draft.entities) for draft in drafts),
    )


def _sightings(seen: Sequence[Seen], ids: Mapping[Story, RecordId]) -> Iterator[Array]:
    identities = [each.draft.identity for each in seen]
    yield bigints(_resolved(each.record, ids) for each in seen)
    yield texts(identity.guid for identity in identities)
    yield blobs(identity.guid_hash for identity in identities)
    yield blobs(each.draft.entry_hash for each in seen)
    yield texts(identity.link for identity in identities)
    yield texts(each.reason for each in seen)
    yield floats(each.confidence for each in seen)


def _resolved(story: Story, ids: Mapping[Story, RecordId]) -> RecordId:
    return ids[story] if isinstance(story, str) else ids.get(story, story)
