"""Deleting what is not to be kept, in PostgreSQL."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

from aggregator.model import Keep, PerFeed, Seq
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.duplicates import forget_pairs
from aggregator.store.postgres.indexing import unindex
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold
from aggregator.store.postgres.membership import leave_clusters
from aggregator.store.postgres.stories import stories
from aggregator.store.upkeep import Prunable, Story

BURY = "INSERT INTO tombstones (feed_id, guid_hash, match_key, entry_hash, reason, at, last_seen)"
SEEN_AGAIN = (
    " ON CONFLICT (feed_id, guid_hash) DO UPDATE SET entry_hash=excluded.entry_hash, last_seen=excluded.last_seen"
)
# What belongs to a record, and goes with it: children first.
BELONGINGS = ("sightings", "aliases", "revisions", "changes", "signatures", "near_duplicates", "titles", "clustered")

_PATIENCE = timedelta(days=30)  # with consumers, and with entries that leave a feed and return
_NO_LIMIT = 2**62

# A record that was merged goes with the one that it was merged into. Being merged or retracted is a change of a record
# that does not show in its row: what its consumers have not had is found in the log.
_OLD = (
    " NOT EXISTS (SELECT 1 FROM changes c WHERE c.record_id=r.id AND (c.seq>%(read)s OR c.at>=%(before)s))"
    " AND NOT EXISTS (SELECT 1 FROM records m JOIN changes c ON c.record_id=m.id"
    " WHERE m.merged_into=r.id AND (c.seq>%(read)s OR c.at>=%(before)s))"
)
_BY_AGE = (
    f"SELECT r.id FROM records r WHERE r.updated_at<%(before)s AND r.merged_into IS NULL AND{_OLD}"
    " ORDER BY r.updated_at LIMIT %(limit)s"
)
_BY_NUMBER = (
    f"SELECT r.id FROM records r WHERE r.feed_id=%(feed)s AND r.merged_into IS NULL AND{_OLD} AND r.id<"
    "(SELECT id FROM records WHERE feed_id=%(feed)s AND merged_into IS NULL ORDER BY id DESC LIMIT 1 OFFSET %(last)s)"
    " ORDER BY r.id LIMIT %(limit)s"
)
_EVER = datetime.max.replace(tzinfo=UTC)
# Entries that their feed carries, or did lately: a window that lost one may have it again (ID-21, ID-23).
_TOMBSTONES = (
    BURY + " SELECT s.feed_id, s.guid_hash, coalesce(m.match_key, r.match_key), s.entry_hash, 'pruned', %(now)s,"
    " s.last_seen FROM sightings s JOIN records r ON r.id=s.record_id JOIN feeds f ON f.id=s.feed_id"
    " LEFT JOIN records m ON m.id=s.merged_from"
    " WHERE s.record_id=%(record)s AND (s.last_seen>=f.digested_at OR s.last_seen>=%(lately)s)" + SEEN_AGAIN
)
_NEWS_OF_NOTHING = "DELETE FROM deliveries WHERE NOT EXISTS (SELECT 1 FROM changes WHERE changes.seq=deliveries.seq)"
_FORGOTTEN = (
    "DELETE FROM tombstones WHERE last_seen<%(lately)s"
    " AND last_seen<(SELECT coalesce(digested_at, '-infinity') FROM feeds WHERE id=tombstones.feed_id)"
)


class PostgresRetention:
    """The ``Retention`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def prunable(self, keep: Keep, now: datetime, *, waits_for: Collection[str]) -> list[Prunable]:
        """See ``Retention.prunable``."""
        counts: dict[str, int] = {}
        for record in self._outlived(keep, now, self._had_by_all(now, waits_for), _NO_LIMIT):
            (url,) = self._sql.one(
                "SELECT url FROM feeds WHERE id=(SELECT feed_id FROM records WHERE id=%s)", (record,)
            )
            counts[url] = counts.get(url, 0) + 1
        return [Prunable(url=url, records=count) for url, count in counts.items()]

    def prune(self, keep: Keep, now: datetime, *, waits_for: Collection[str], limit: int) -> int:
        """See ``Retention.prune``."""
        hold(self._sql, WRITING_THE_LOG)
        records = self._outlived(keep, now, self._had_by_all(now, waits_for), limit)
        gone_with_it = [each for record in records for each in (*self._merged(record), record)]
        named = [{"record": each, "now": now, "lately": (now - _PATIENCE)} for each in gone_with_it]
        self._sql.many(_TOMBSTONES, named)
        self._sql.many("UPDATE sightings SET merged_from=NULL WHERE merged_from=%(record)s", named)
        forget_pairs(self._sql, gone_with_it)
        leave_clusters(self._sql, gone_with_it)
        unindex(self._sql, (each for record in records for each in (*self._merged(record), record)))
        for table in BELONGINGS:
            gone = self._sql.many(f"DELETE FROM {table} WHERE record_id=%(record)s", named)
            if table == "changes":
                self._count(gone)
        self._sql.many("DELETE FROM records WHERE id=%(record)s", named)
        return len(records)

    def forget(self, now: datetime, *, waits_for: Collection[str], keep: Keep) -> None:
        """See ``Retention.forget``."""
        self._sql.execute(_FORGOTTEN, {"lately": (now - _PATIENCE)})
        if not isinstance(keep, PerFeed):
            gone = self._sql.execute(
                "DELETE FROM changes WHERE record_id IS NULL AND at<%s AND seq<=%s",
                ((now - keep), self._had_by_all(now, waits_for)),
            )
            self._count(gone.rowcount)
        self._sql.execute(_NEWS_OF_NOTHING)

    def shrink(self, pages: int) -> int:  # noqa: ARG002
        """See ``Retention.shrink``: autovacuum has room used again."""
        return 0

    def stories(self) -> Iterator[Story]:
        """See ``Retention.stories``."""
        return stories(self._sql)

    def _outlived(self, keep: Keep, now: datetime, read: Seq, limit: int) -> list[int]:
        """Return up to ``limit`` records that are not to be kept and that every consumer has had, the oldest first."""
        if not isinstance(keep, PerFeed):
            rows = self._sql.execute(_BY_AGE, {"before": (now - keep), "read": read, "limit": limit})
            return [ident for (ident,) in rows.fetchall()]
        found: list[int] = []
        for feed in self._crowded(keep.records):
            room = limit if limit == _NO_LIMIT else limit - len(found)
            asked = {"feed": feed, "read": read, "before": _EVER, "last": keep.records - 1, "limit": room}
            found += [ident for (ident,) in self._sql.execute(_BY_NUMBER, asked).fetchall()]
            if len(found) == limit:
                break
        return found

    def _merged(self, record: int) -> list[int]:
        """Return the records that were merged into one."""
        rows = self._sql.execute("SELECT id FROM records WHERE merged_into=%s", (record,)).fetchall()
        return [ident for (ident,) in rows]

    def _crowded(self, most: int) -> Iterator[int]:
        rows = self._sql.execute("SELECT feed_id FROM records GROUP BY feed_id HAVING count(*)>%s", (most,)).fetchall()
        return (feed for (feed,) in rows)

    def _had_by_all(self, now: datetime, waits_for: Collection[str]) -> Seq:
        """Return the last change that every consumer has had, but for those that have let one lie for too long.

        What could not be delivered, or lately died, was not had, wherever the consumer's cursor is.
        """
        (last,) = self._sql.one("SELECT coalesce(max(seq), 0) FROM changes")
        rows = self._sql.execute("SELECT name, seq, stopped IS NOT NULL FROM consumers").fetchall()
        awaited = [0] if set(waits_for) - {name for name, _, _ in rows} else []
        awaited += [
            seq for name, seq, stopped in rows if (name in waits_for and not stopped) or not self._is_late(seq, now)
        ]
        undelivered = self._sql.one(
            "SELECT min(seq)-1 FROM deliveries WHERE coalesce(dead_at, next_try_at)>=%s", (now - _PATIENCE,)
        )
        return Seq(min([last, *awaited, *(seq for seq in undelivered if seq is not None)]))

    def _is_late(self, seq: int, now: datetime) -> bool:
        unread = self._sql.execute("SELECT at FROM changes WHERE seq>%s ORDER BY seq LIMIT 1", (seq,)).fetchone()
        return unread is not None and unread[0] < now - _PATIENCE

    def _count(self, changes: int) -> None:
        """Keep account of what is missing in the log for good reason."""
        self._sql.execute("UPDATE retention SET pruned_changes=pruned_changes+%s", (changes,))
