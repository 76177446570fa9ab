"""Writing a plan, table by table, in as few statements as there are tables."""

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Draft, Dropped, FeedId, RecordId
from aggregator.store.delay import applied
from aggregator.store.plan import Applied, Kept, Merge, Plan, Story, TouchedRecord, UpdatedRecord
from aggregator.store.sqlite.duplicates import look_for_copies
from aggregator.store.sqlite.retention import BURY, SEEN_AGAIN
from aggregator.store.sqlite.revisions import Wording, next_seq, revise
from aggregator.store.sqlite.rewording import details_of
from aggregator.store.sqlite.values import as_json, stamp, stamp_or_none
from aggregator.url.clean import RULES_VERSION

_MOST_NAMES = 8
_OF_FIELDS = ("provenance", "entity_kinds")  # details that tell of the record's fields as they stand


@dataclass(frozen=True, slots=True, kw_only=True)
class _Numbered:
    draft: Draft
    slug: str
    id: RecordId
    seq: int


class RecordWrites:
    """One plan of one feed, written inside the caller's transaction."""

    def __init__(self, connection: sqlite3.Connection, feed_id: FeedId, now: datetime) -> None:
        self._sql = connection
        self._feed_id = feed_id
        self._at = now
        self._now = stamp(now)

    def apply(self, plan: Plan) -> Applied:
        """Write everything that was planned."""
        new = self._numbered(plan)
        self._insert(new, as_json({"backfill": True}) if plan.backfill else None)
        detail = as_json({"replayed": plan.replay_of.isoformat()}) if plan.replay_of else None
        for updated in plan.updated:
            self._update(updated, detail)
        for touched in plan.touched:
            self._touch(touched)
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
        self._drop(plan.dropped)
        look_for_copies(
            self._sql,
            [(item.id, item.draft.signature) for item in new],
            [(updated.kept.id, updated.draft.signature) for updated in plan.updated],
            self._at,
        )
        return applied(plan, self._at)

    def _numbered(self, plan: Plan) -> list[_Numbered]:
        """Give ids and seqs out by hand, so that whole tables can be written at once. The transaction is immediate."""
        ident = self._sql.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0]
        seq = next_seq(self._sql)
        return [
            _Numbered(draft=item.draft, slug=item.slug, id=RecordId(ident + 1 + place), seq=seq + place)
            for place, item in enumerate(plan.new)
        ]

    def _insert(self, new: Sequence[_Numbered], detail: str | None) -> None:
        self._sql.executemany(
            "INSERT INTO records (id, slug, title, summary, body_md, canonical_source, published_at, updated_at, lang,"
            " topics, entities, match_key, match_key_version, feed_id, guid_hash, revision, content_hash, details, seq,"
            " first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
            [self._record_row(item) for item in new],
        )
        self._sql.executemany(
            "INSERT INTO revisions (record_id, revision, at, content_hash, feed_id, guid_hash)"
            " VALUES (?, 1, ?, ?, ?, ?)",
            [
                (item.id, self._now, item.draft.content_hash, self._feed_id, item.draft.identity.guid_hash)
                for item in new
            ],
        )
        self._sql.executemany(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at, detail)"
            " VALUES (?, 'new', ?, ?, 1, ?, ?)",
            [(item.seq, item.id, self._feed_id, self._now, detail) for item in new],
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
            stamp_or_none(draft.published_at),
            self._now,
            draft.lang,
            as_json(draft.topics),
            as_json(draft.entities),
            draft.identity.match_key,
            RULES_VERSION,
            self._feed_id,
            draft.identity.guid_hash,
            draft.content_hash,
            as_json(draft.details),
            item.seq,
            self._now,
        )

    def _update(self, updated: UpdatedRecord, detail: str | None) -> None:
        wording, revision = Wording.of(updated.draft, self._feed_id), updated.kept.revision + 1
        revise(self._sql, updated.kept.id, wording, self._at, revision=revision, churn=updated.churn, detail=detail)

    def _touch(self, touched: TouchedRecord) -> None:
        """Note what no reader notices: no revision, no line (DD-05). Who found its fields stays, as they do."""
        known = details_of(self._sql, touched.kept.id)
        self._sql.execute(
            "UPDATE records SET content_hash=?, details=? WHERE id=?",
            (touched.draft.content_hash, as_json(touched_details(touched.draft, known)), touched.kept.id),
        )

    def _retract(self, kept: Kept) -> None:
        self._sql.execute(
            "INSERT INTO changes (kind, record_id, feed_id, revision, at) VALUES ('retracted', ?, ?, ?, ?)",
            (kept.id, self._feed_id, kept.revision, self._now),
        )
        self._sql.execute("UPDATE records SET retracted_at=?, churn=churn+1 WHERE id=?", (self._now, kept.id))

    def _merge(self, merge: Merge) -> None:
        """One record goes on; the other keeps its row, so that the merge can be undone."""
        gone, into = merge.gone.id, merge.into.id
        detail = {"into": merge.into.slug, "reason": merge.reason, "confidence": merge.confidence}
        self._sql.execute(
            "INSERT INTO changes (kind, record_id, feed_id, revision, at, detail) VALUES ('merged', ?, ?, ?, ?, ?)",
            (gone, self._feed_id, merge.gone.revision, self._now, as_json(detail)),
        )
        self._sql.execute("UPDATE records SET merged_into=? WHERE id=? OR merged_into=?", (into, gone, gone))
        self._sql.execute(
            "UPDATE sightings SET record_id=?, merged_from=coalesce(merged_from, record_id), reason=?, confidence=?"
            " WHERE record_id=?",
            (into, merge.reason, merge.confidence, gone),
        )

    def _give_up(self, guid_hashes: Iterable[bytes]) -> None:
        """Let the sightings of stories whose guid tells of another one now keep their place under a name of their own.

        Only the first time: what has no guid any more is found by its link.
        """
        self._sql.executemany(
            "UPDATE sightings SET guid_hash=? WHERE feed_id=? AND guid_hash=?",
            [
                (
                    hashlib.blake2b(guid_hash + self._now.encode(), digest_size=len(guid_hash)).digest(),
                    self._feed_id,
                    guid_hash,
                )
                for guid_hash in guid_hashes
            ],
        )

    def _sight(self, plan: Plan, ids: Mapping[Story, RecordId]) -> None:
        self._sql.executemany(
            "INSERT INTO sightings (feed_id, record_id, guid, guid_hash, entry_hash, link, first_seen, last_seen,"
            " reason, confidence) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed_id, guid_hash) DO UPDATE SET"
            " record_id=excluded.record_id, entry_hash=excluded.entry_hash, link=excluded.link,"
            " last_seen=excluded.last_seen, reason=coalesce(excluded.reason, reason),"
            " confidence=coalesce(excluded.confidence, confidence)",
            [
                (
                    self._feed_id,
                    _resolved(seen.record, ids),
                    seen.draft.identity.guid,
                    seen.draft.identity.guid_hash,
                    seen.draft.entry_hash,
                    seen.draft.identity.link,
                    self._now,
                    self._now,
                    seen.reason,
                    seen.confidence,
                )
                for seen in plan.seen
            ],
        )
        again = [(self._now, self._feed_id, guid_hash) for guid_hash in plan.seen_again]
        done = self._sql.executemany("UPDATE sightings SET last_seen=? WHERE feed_id=? AND guid_hash=?", again)
        if done.rowcount < len(again):
            self._sql.executemany("UPDATE tombstones SET last_seen=? WHERE feed_id=? AND guid_hash=?", again)

    def _drop(self, dropped: Iterable[Dropped]) -> None:
        """Remember what a rule keeps out: with its record, where it once gave one."""
        strangers = [
            entry
            for entry in dropped
            if self._sql.execute(
                "UPDATE sightings SET entry_hash=?, last_seen=? WHERE feed_id=? AND guid_hash=?",
                (entry.entry_hash, self._now, self._feed_id, entry.identity.guid_hash),
            ).rowcount
            == 0
        ]
        self._bury(strangers, "dropped")

    def _bury(self, entries: Iterable[Draft | Dropped], reason: str) -> None:
        self._sql.executemany(
            BURY + " VALUES (?, ?, ?, ?, ?, ?, ?)" + SEEN_AGAIN,
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
        self._sql.executemany(
            "DELETE FROM sightings WHERE record_id=:record AND feed_id=:feed AND id NOT IN (SELECT id FROM sightings"
            " WHERE record_id=:record AND feed_id=:feed ORDER BY last_seen DESC, id DESC LIMIT :most)",
            [{"record": record, "feed": self._feed_id, "most": _MOST_NAMES} for record in records],
        )

    def _alias(self, plan: Plan, ids: Mapping[Story, RecordId]) -> None:
        self._sql.executemany(
            "INSERT INTO aliases (match_key, record_id, reason, confidence, at) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            [
                (alias.match_key, _resolved(alias.record, ids), alias.reason, alias.confidence, self._now)
                for alias in plan.aliases
            ],
        )


def touched_details(draft: Draft, known: Mapping[str, object]) -> Mapping[str, object]:
    """Return what is kept beside a record that an entry only touches."""
    found = {name: known.get(name) for name in _OF_FIELDS}
    return {name: value for name, value in {**draft.details, **found}.items() if value}


def _resolved(story: Story, ids: Mapping[Story, RecordId]) -> RecordId:
    return ids[story] if isinstance(story, str) else ids.get(story, story)
