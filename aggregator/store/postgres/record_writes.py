"""Writing a plan, table by table, in as few statements as there are tables."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Draft, Dropped, FeedId, RecordId
from aggregator.store.delay import middle_delay
from aggregator.store.plan import Applied, Kept, Merge, Plan, Story, TouchedRecord, UpdatedRecord
from aggregator.store.postgres.connection import Sql, unzipped
from aggregator.store.postgres.duplicates import look_for_copies
from aggregator.store.postgres.lock import take_seqs
from aggregator.store.postgres.retention import BURY, SEEN_AGAIN
from aggregator.store.postgres.revisions import Wording, revise, take_numbers
from aggregator.store.postgres.rewording import details_of
from aggregator.store.postgres.staleness import expect_true
from aggregator.store.sqlite.record_writes import touched_details
from aggregator.store.sqlite.values import as_json, stamp
from aggregator.url.clean import RULES_VERSION

_MOST_NAMES = 8
_AGAIN = "UPDATE {} SET last_seen=%s WHERE feed_id=%s AND guid_hash=ANY(%s)"
_RECORDS = """
INSERT INTO records (id, slug, title, summary, body_md, canonical_source, published_at, updated_at, lang, topics,
    entities, match_key, match_key_version, feed_id, guid_hash, revision, content_hash, details, seq, first_seen_at)
SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[],
    %s::timestamptz[], %s::text[], %s::json[], %s::json[], %s::text[], %s::int[], %s::bigint[], %s::bytea[], %s::int[],
    %s::bytea[], %s::json[], %s::bigint[], %s::timestamptz[])
"""
_REVISIONS = """
INSERT INTO revisions (revision, at, feed_id, record_id, content_hash, guid_hash)
SELECT 1, %s, %s, * FROM unnest(%s::bigint[], %s::bytea[], %s::bytea[])
"""
_CHANGES = """
INSERT INTO changes (kind, revision, feed_id, at, detail, seq, record_id)
SELECT 'new', 1, %s, %s, %s, * FROM unnest(%s::bigint[], %s::bigint[])
"""
_SIGHTINGS = """
INSERT INTO sightings (feed_id, first_seen, last_seen, record_id, guid, guid_hash, entry_hash, link, reason, confidence)
SELECT %s, %s, %s, *
FROM unnest(%s::bigint[], %s::text[], %s::bytea[], %s::bytea[], %s::text[], %s::text[], %s::float8[])
ON CONFLICT (feed_id, guid_hash) DO UPDATE SET record_id=excluded.record_id, entry_hash=excluded.entry_hash,
    link=excluded.link, last_seen=excluded.last_seen, reason=coalesce(excluded.reason, sightings.reason),
    confidence=coalesce(excluded.confidence, sightings.confidence)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    draft: Draft
    slug: str
    id: RecordId
    seq: int


class RecordWrites:
    """One plan of one feed, written inside the caller's transaction."""

    def __init__(self, connection: Sql, feed_id: FeedId, now: datetime) -> None:
        self._sql = connection
        self._feed_id = feed_id
        self._now = now

    def apply(self, plan: Plan, *, again: bool) -> Applied:
        """Write everything that was planned. Raises StalePlanError; see ``Records.apply``."""
        if not again:
            expect_true(self._sql, plan)
        new = self._numbered(plan)
        with self._sql.pipeline():  # most of it waits for no answer
            self._write(plan, new)
        self._drop(plan.dropped)
        return Applied(
            new=len(plan.new),
            updated=len(plan.updated),
            merged=len(plan.merged),
            retracted=len(plan.retracted),
            dropped=len(plan.dropped),
            delay=None if plan.backfill else middle_delay(plan.new, self._now),
        )

    def _write(self, plan: Plan, new: Sequence[_Numbered]) -> None:
        self._insert(new, as_json({"backfill": True}) if plan.backfill else None)
        detail = as_json({"replayed": plan.replay_of.isoformat()}) if plan.replay_of else None
        for updated in plan.updated:
            self._update(updated, detail)
        self._touch(plan.touched)
        for merge in plan.merged:
            self._merge(merge)
        for kept in plan.retracted:
            self._retract(kept)
        ids: dict[Story, RecordId] = {item.draft.identity.match_key: item.id for item in new}
        ids |= {merge.gone.id: merge.into.id for merge in plan.merged}
        self._give_up(plan.reused)
        self._sight(plan, ids)
        self._forget_names({_resolved(seen.record, ids) for seen in plan.seen if seen.reason is not None})
        self._alias(plan, ids)
        self._bury(plan.buried, "pruned")
        look_for_copies(
            self._sql,
            [(item.id, item.draft.signature) for item in new],
            [(updated.kept.id, updated.draft.signature) for updated in plan.updated],
            self._now,
        )

    def _numbered(self, plan: Plan) -> list[_Numbered]:
        """Give ids and seqs out by hand, so that whole tables can be written at once."""
        if not plan.new:
            return []
        ident, seq = take_numbers(self._sql, len(plan.new))
        return [
            _Numbered(draft=item.draft, slug=item.slug, id=RecordId(ident + place), seq=seq + place)
            for place, item in enumerate(plan.new)
        ]

    def _insert(self, new: Sequence[_Numbered], detail: str | None) -> None:
        if not new:
            return
        self._sql.execute(_RECORDS, unzipped((self._record_row(item) for item in new), 20))
        identities = [item.draft.identity for item in new]
        self._sql.execute(
            _REVISIONS,
            [
                *(self._now, self._feed_id, [item.id for item in new], [item.draft.content_hash for item in new]),
                [identity.guid_hash for identity in identities],
            ],
        )
        self._sql.execute(
            _CHANGES, (self._feed_id, self._now, detail, [item.seq for item in new], [item.id for item in new])
        )

    def _record_row(self, item: _Numbered) -> tuple[object, ...]:
        draft = item.draft
        return (
            item.id,
            item.slug,
            draft.title,
            draft.summary,
            draft.body_md,
            draft.identity.canonical_source,
            draft.published_at,
            self._now,
            draft.lang,
            as_json(draft.topics),
            as_json(draft.entities),
            draft.identity.match_key,
            RULES_VERSION,
            self._feed_id,
            draft.identity.guid_hash,
            1,
            draft.content_hash,
            as_json(draft.details),
            item.seq,
            self._now,
        )

    def _update(self, updated: UpdatedRecord, detail: str | None) -> None:
        wording, revision = Wording.of(updated.draft, self._feed_id), updated.kept.revision + 1
        revise(self._sql, updated.kept.id, wording, self._now, revision=revision, churn=updated.churn, detail=detail)

    def _touch(self, touched: Sequence[TouchedRecord]) -> None:
        """Note what no reader notices: no revision, no line (DD-05). Who found its fields stays, as they do."""
        if not touched:
            return
        known = details_of(self._sql, [each.kept.id for each in touched])
        self._sql.many(
            "UPDATE records SET content_hash=%s, details=%s WHERE id=%s",
            [
                (each.draft.content_hash, as_json(touched_details(each.draft, known[each.kept.id])), each.kept.id)
                for each in touched
            ],
        )

    def _retract(self, kept: Kept) -> None:
        self._sql.execute(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at)"
            " VALUES (%s, 'retracted', %s, %s, %s, %s)",
            (take_seqs(self._sql), kept.id, self._feed_id, kept.revision, self._now),
        )
        self._sql.execute("UPDATE records SET retracted_at=%s, churn=churn+1 WHERE id=%s", (self._now, kept.id))

    def _merge(self, merge: Merge) -> None:
        """One record goes on; the other keeps its row, so that the merge can be undone."""
        gone, into = merge.gone.id, merge.into.id
        detail = {"into": merge.into.slug, "reason": merge.reason, "confidence": merge.confidence}
        self._sql.execute(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at, detail)"
            " VALUES (%s, 'merged', %s, %s, %s, %s, %s)",
            (take_seqs(self._sql), gone, self._feed_id, merge.gone.revision, self._now, as_json(detail)),
        )
        self._sql.execute("UPDATE records SET merged_into=%s WHERE id=%s OR merged_into=%s", (into, gone, gone))
        self._sql.execute(
            "UPDATE sightings SET record_id=%s, merged_from=coalesce(merged_from, record_id), reason=%s, confidence=%s"
            " WHERE record_id=%s",
            (into, merge.reason, merge.confidence, gone),
        )

    def _give_up(self, guid_hashes: Iterable[bytes]) -> None:
        """Let the sightings of stories whose guid tells of another one now keep their place under a name of their own.

        Only the first time: what has no guid any more is found by its link.
        """
        self._sql.many(
            "UPDATE sightings SET guid_hash=%s WHERE feed_id=%s AND guid_hash=%s",
            [
                (
                    hashlib.blake2b(guid_hash + stamp(self._now).encode(), digest_size=len(guid_hash)).digest(),
                    self._feed_id,
                    guid_hash,
                )
                for guid_hash in guid_hashes
            ],
        )

    def _sight(self, plan: Plan, ids: Mapping[Story, RecordId]) -> None:
        # By guid, the last of each: one statement may write a row once only.
        seen = {
            each.draft.identity.guid_hash: (
                _resolved(each.record, ids),
                each.draft.identity.guid,
                each.draft.identity.guid_hash,
                each.draft.entry_hash,
                each.draft.identity.link,
                each.reason,
                each.confidence,
            )
            for each in plan.seen
        }
        if seen:
            self._sql.execute(_SIGHTINGS, [self._feed_id, self._now, self._now, *unzipped(seen.values(), 7)])
        again = (self._now, self._feed_id, list(plan.seen_again))
        for table in ("sightings", "tombstones") if plan.seen_again else ():
            self._sql.execute(_AGAIN.format(table), again)

    def _drop(self, dropped: Iterable[Dropped]) -> None:
        """Remember what a rule keeps out: with its record, where it once gave one."""
        strangers = [
            entry
            for entry in dropped
            if self._sql.execute(
                "UPDATE sightings SET entry_hash=%s, last_seen=%s WHERE feed_id=%s AND guid_hash=%s",
                (entry.entry_hash, self._now, self._feed_id, entry.identity.guid_hash),
            ).rowcount
            == 0
        ]
        self._bury(strangers, "dropped")

    def _bury(self, entries: Iterable[Draft | Dropped], reason: str) -> None:
        self._sql.many(
            BURY + " VALUES (%s, %s, %s, %s, %s, %s, %s)" + SEEN_AGAIN,
            [
                (
                    self._feed_id,
                    entry.identity.guid_hash,
                    entry.identity.match_key,
                    entry.entry_hash,
                    reason,
                    self._now,
                    self._now,
                )
                for entry in entries
            ],
        )

    def _forget_names(self, records: Iterable[RecordId]) -> None:
        """Keep the latest names of a story in this feed: some feeds give a new one every time (ID-13)."""
        self._sql.many(
            "DELETE FROM sightings WHERE record_id=%(record)s AND feed_id=%(feed)s AND id NOT IN"
            " (SELECT id FROM sightings WHERE record_id=%(record)s AND feed_id=%(feed)s"
            " ORDER BY last_seen DESC, id DESC LIMIT %(most)s)",
            [{"record": record, "feed": self._feed_id, "most": _MOST_NAMES} for record in records],
        )

    def _alias(self, plan: Plan, ids: Mapping[Story, RecordId]) -> None:
        self._sql.many(
            "INSERT INTO aliases (match_key, record_id, reason, confidence, at) VALUES (%s, %s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [
                (alias.match_key, _resolved(alias.record, ids), alias.reason, alias.confidence, self._now)
                for alias in plan.aliases
            ],
        )


def _resolved(story: Story, ids: Mapping[Story, RecordId]) -> RecordId:
    return ids[story] if isinstance(story, str) else ids.get(story, story)
