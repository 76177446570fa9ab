"""Stories, their sightings and their revisions in SQLite."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import Digest, Feed, FeedId, Record, RecordId
from aggregator.store.plan import Applied, Kept, Known, Plan
from aggregator.store.sqlite.log import RECORD_COLUMNS, read_record
from aggregator.store.sqlite.record_writes import RecordWrites
from aggregator.store.sqlite.values import stamp

_BURIED = "SELECT guid_hash FROM tombstones WHERE feed_id=? AND guid_hash IN"
_BURIED_KEYS = "SELECT match_key FROM tombstones WHERE reason='pruned' AND match_key IN"
_CHUNK = 500  # well below the least SQLITE_MAX_VARIABLE_NUMBER (SQ-25)


class SqliteRecords:
    """The ``Records`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def known(self, feed: Feed, digest: Digest) -> Known:
        """See ``Records.known``."""
        drafts = digest.drafts
        guids = [draft.identity.guid_hash for draft in drafts]
        by_guid = {
            bytes(guid_hash): RecordId(record)
            for guid_hash, record in self._among(
                "SELECT guid_hash, record_id FROM sightings WHERE feed_id=? AND guid_hash IN",
                guids,
                feed.id,
            )
        }
        keys = [draft.identity.match_key for draft in drafts]
        by_key = dict(self._among("SELECT match_key, record_id FROM aliases WHERE match_key IN", keys))
        by_key |= dict(self._among("SELECT match_key, id FROM records WHERE match_key IN", keys))
        wishes = [wish for draft in drafts for wish in (draft.slug, draft.slug_unique)]
        return Known(
            by_guid=by_guid,
            by_key=by_key,
            kept=self._kept({*by_guid.values(), *by_key.values()}),
            slugs=frozenset(slug for (slug,) in self._among("SELECT slug FROM records WHERE slug IN", wishes)),
            buried=frozenset(guid for (guid,) in self._among(_BURIED, guids, feed.id)),
            buried_keys=frozenset(key for (key,) in self._among(_BURIED_KEYS, keys)),
        )

    def apply(self, plan: Plan, feed: Feed, now: datetime) -> Applied:
        """See ``Records.apply``."""
        return RecordWrites(self._sql, feed.id, now).apply(plan)

    def by_slug(self, slug: str) -> Record | None:
        """See ``Records.by_slug``."""
        row = self._sql.execute(f"SELECT {RECORD_COLUMNS} FROM records r WHERE slug=?", (slug,)).fetchone()  # noqa: S608
        return None if row is None else read_record(row)

    def count(self) -> int:
        """See ``Records.count``."""
        return int(self._sql.execute("SELECT count(*) FROM records").fetchone()[0])

    def current(self, since: datetime | None = None) -> Iterator[Record]:
        """See ``Records.current``."""
        after = -1
        while True:
            rows = self._sql.execute(
                f"SELECT r.seq, {RECORD_COLUMNS} FROM records r"  # noqa: S608 - constants only
                " WHERE r.seq>? AND r.updated_at>=? ORDER BY r.seq LIMIT 1000",
                (after, "" if since is None else stamp(since)),
            ).fetchall()
            if not rows:
                return
            for row in rows:
                yield read_record(row[1:])
            after = rows[-1][0]

    def _kept(self, records: Iterable[RecordId]) -> dict[RecordId, Kept]:
        rows = self._among(
            "SELECT id, feed_id, guid_hash, revision, content_hash FROM records WHERE id IN", list(records)
        )
        return {
            RecordId(ident): Kept(
                id=RecordId(ident),
                feed_id=FeedId(feed_id),
                guid_hash=guid_hash,
                revision=revision,
                content_hash=content_hash,
            )
            for ident, feed_id, guid_hash, revision, content_hash in rows
        }

    def _among(self, select: str, values: Sequence[object], *before: object) -> Iterator[Any]:
        """Yield the rows of ``select … IN (values)``, in chunks that every SQLite takes."""
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            yield from self._sql.execute(f"{select} ({marks})", (*before, *chunk)).fetchall()
