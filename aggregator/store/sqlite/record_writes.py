"""Writing a plan, table by table, in as few statements as there are tables."""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import Draft, Dropped, FeedId, RecordId
from aggregator.store.plan import Applied, Plan, UpdatedRecord
from aggregator.store.sqlite.log import pack
from aggregator.store.sqlite.retention import BURY, SEEN_AGAIN
from aggregator.store.sqlite.values import as_json, names, stamp, stamp_or_none
from aggregator.url.clean import RULES_VERSION


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
        self._now = stamp(now)

    def apply(self, plan: Plan) -> Applied:
        """Write everything that was planned."""
        new = self._numbered(plan)
        self._insert(new)
        for updated in plan.updated:
            self._update(updated)
        ids = {item.draft.identity.match_key: item.id for item in new}
        self._sight(plan, ids)
        self._alias(plan, ids)
        self._bury(plan.buried, "pruned")
        self._drop(plan.dropped)
        return Applied(
            new=len(plan.new), updated=len(plan.updated), sightings=len(plan.seen), dropped=len(plan.dropped)
        )

    def _numbered(self, plan: Plan) -> list[_Numbered]:
        """Give ids and seqs out by hand, so that whole tables can be written at once. The transaction is immediate."""
        ident = self._sql.execute("SELECT coalesce(max(id), 0) FROM records").fetchone()[0]
        seq = self._next_seq()
        return [
            _Numbered(draft=item.draft, slug=item.slug, id=RecordId(ident + 1 + place), seq=seq + place)
            for place, item in enumerate(plan.new)
        ]

    def _next_seq(self) -> int:
        # AUTOINCREMENT's own memory: a seq is never given twice, even when the newest changes are gone.
        row = self._sql.execute("SELECT seq FROM sqlite_sequence WHERE name='changes'").fetchone()
        return 1 if row is None else int(row[0]) + 1

    def _insert(self, new: Iterable[_Numbered]) -> None:
        new = list(new)
        self._sql.executemany(
            "INSERT INTO records (id, slug, title, summary, body_md, canonical_source, published_at, updated_at, lang,"
            " topics, entities, match_key, match_key_version, feed_id, guid_hash, revision, content_hash, details, seq,"
            " first_seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)",
            [self._record_row(item) for item in new],
        )
        self._sql.executemany(
            "INSERT INTO revisions (record_id, revision, at, content_hash) VALUES (?, 1, ?, ?)",
            [(item.id, self._now, item.draft.content_hash) for item in new],
        )
        self._sql.executemany(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at) VALUES (?, 'new', ?, ?, 1, ?)",
            [(item.seq, item.id, self._feed_id, self._now) for item in new],
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

    def _update(self, updated: UpdatedRecord) -> None:
        """Keep the old content with its revision, write the new, and say so in the log."""
        kept, draft = updated.kept, updated.draft
        revision = kept.revision + 1
        self._archive(kept.id, kept.revision)
        seq = self._next_seq()
        self._sql.execute(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at) VALUES (?, 'updated', ?, ?, ?, ?)",
            (seq, kept.id, self._feed_id, revision, self._now),
        )
        self._sql.execute(
            "INSERT INTO revisions (record_id, revision, at, content_hash) VALUES (?, ?, ?, ?)",
            (kept.id, revision, self._now, draft.content_hash),
        )
        # The slug and the source stay; the first date that was stated stays (DT-27).
        self._sql.execute(
            "UPDATE records SET title=?, summary=?, body_md=?, published_at=coalesce(published_at, ?), updated_at=?,"
            " lang=?, topics=?, entities=?, guid_hash=?, revision=?, content_hash=?, details=?, seq=? WHERE id=?",
            (
                draft.title,
                draft.summary,
                draft.body_md,
                stamp_or_none(draft.published_at),
                self._now,
                draft.lang,
                as_json(draft.topics),
                as_json(draft.entities),
                draft.identity.guid_hash,
                revision,
                draft.content_hash,
                as_json(draft.details),
                seq,
                kept.id,
            ),
        )

    def _archive(self, record: RecordId, revision: int) -> None:
        title, summary, body_md, published, at, lang, topics, entities = self._sql.execute(
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
        self._sql.execute(
            "UPDATE revisions SET content=? WHERE record_id=? AND revision=?", (content, record, revision)
        )

    def _sight(self, plan: Plan, ids: dict[str, RecordId]) -> None:
        self._sql.executemany(
            "INSERT INTO sightings (feed_id, record_id, guid, guid_hash, entry_hash, link, first_seen, last_seen)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed_id, guid_hash) DO UPDATE SET"
            " record_id=excluded.record_id, entry_hash=excluded.entry_hash, link=excluded.link,"
            " last_seen=excluded.last_seen",
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

    def _alias(self, plan: Plan, ids: dict[str, RecordId]) -> None:
        self._sql.executemany(
            "INSERT INTO aliases (match_key, record_id, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(alias.match_key, _resolved(alias.record, ids), alias.reason, self._now) for alias in plan.aliases],
        )


def _resolved(record: RecordId | str, ids: dict[str, RecordId]) -> RecordId:
    return ids[record] if isinstance(record, str) else record
