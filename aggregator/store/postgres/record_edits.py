"""What one plan of one feed changes in records that are there, and in what its feed called them. Few plans do."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime

from aggregator.model import Draft, Dropped, FeedId, RecordId
from aggregator.store.plan import Kept, Merge, Plan, TouchedRecord, UpdatedRecord
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.lock import take_seqs
from aggregator.store.postgres.retention import BURY, SEEN_AGAIN
from aggregator.store.postgres.revisions import Wording, revise
from aggregator.store.postgres.rewording import details_of
from aggregator.store.sqlite.record_writes import touched_details
from aggregator.store.sqlite.values import as_json, stamp

_MOST_NAMES = 8


class RecordEdits:
    """The edits of one feed, inside the caller's transaction."""

    def __init__(self, connection: Sql, feed_id: FeedId, now: datetime) -> None:
        self._sql = connection
        self._feed_id = feed_id
        self._now = now

    def write(self, plan: Plan) -> None:
        """Write what the plan edits, and free the names that it uses again."""
        detail = as_json({"replayed": plan.replay_of.isoformat()}) if plan.replay_of else None
        for updated in plan.updated:
            self._update(updated, detail)
        self._touch(plan.touched)
        for merge in plan.merged:
            self._merge(merge)
        for kept in plan.retracted:
            self._retract(kept)
        self._give_up(plan.reused)

    def forget_names(self, records: Iterable[RecordId]) -> None:
        """Keep the latest names of a story in this feed: some feeds give a new one every time (ID-13)."""
        self._sql.many(
            "DELETE FROM sightings WHERE record_id=%(record)s AND feed_id=%(feed)s AND id NOT IN"
            " (SELECT id FROM sightings WHERE record_id=%(record)s AND feed_id=%(feed)s"
            " ORDER BY last_seen DESC, id DESC LIMIT %(most)s)",
            [{"record": record, "feed": self._feed_id, "most": _MOST_NAMES} for record in records],
        )

    def bury(self, entries: Iterable[Draft | Dropped], reason: str) -> None:
        """Remember entries that are no records."""
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

    def drop(self, dropped: Iterable[Dropped]) -> None:
        """Remember what a rule keeps out: with its record, where it once gave one. Waits for answers."""
        strangers = [
            entry
            for entry in dropped
            if self._sql.execute(
                "UPDATE sightings SET entry_hash=%s, last_seen=%s WHERE feed_id=%s AND guid_hash=%s",
                (entry.entry_hash, self._now, self._feed_id, entry.identity.guid_hash),
            ).rowcount
            == 0
        ]
        self.bury(strangers, "dropped")

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
