"""The match keys of records in SQLite."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import RecordId
from aggregator.store.keys import Holders, Keyed, KeyPlan, Meeting, Sighted
from aggregator.store.sqlite.values import moment, names, stamp

_MEETING = "SELECT r.id, r.slug, r.title, r.match_key, r.match_key_version"
_CHUNK = 500  # well below the least SQLITE_MAX_VARIABLE_NUMBER (SQ-25)


class SqliteKeys:
    """The ``Keys`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def meet(self, key: str) -> Meeting | None:
        """See ``Keys.meet``."""
        row = self._sql.execute(f"{_MEETING}, NULL FROM records r WHERE r.match_key=?", (key,)).fetchone()
        row = (
            row
            or self._sql.execute(
                f"{_MEETING}, a.reason FROM aliases a JOIN records r ON r.id=a.record_id WHERE a.match_key=?", (key,)
            ).fetchone()
        )
        return self._meeting(row) if row else None

    def marked(self, key: str, *, limit: int) -> list[Meeting]:
        """See ``Keys.marked``."""
        rows = self._sql.execute(
            f"{_MEETING}, NULL FROM records r WHERE r.match_key>=? AND r.match_key<? ORDER BY r.match_key LIMIT ?",
            (f"{key}#", f"{key}$", limit),  # "$" follows "#"
        ).fetchall()
        return [self._meeting(row) for row in rows]

    def count_behind(self, version: int) -> int:
        """See ``Keys.count_behind``."""
        return int(
            self._sql.execute("SELECT count(*) FROM records WHERE match_key_version<?", (version,)).fetchone()[0]
        )

    def behind(self, version: int, *, limit: int) -> list[Keyed]:
        """See ``Keys.behind``."""
        rows = self._sql.execute(
            "SELECT r.id, r.match_key, r.match_key_version, r.canonical_source, f.url,"
            " (SELECT json_group_array(a.match_key) FROM aliases a WHERE a.record_id=r.id)"
            " FROM records r JOIN feeds f ON f.id=r.feed_id WHERE r.match_key_version<?"
            " ORDER BY r.match_key_version, r.id LIMIT ?",
            (version, limit),
        )
        return [
            Keyed(id=RecordId(ident), key=key, version=of, source=source, feed_url=feed_url, aliases=names(aliases))
            for ident, key, of, source, feed_url, aliases in rows.fetchall()
        ]

    def holders(self, keys: Sequence[str]) -> Holders:
        """See ``Keys.holders``."""
        return Holders(
            own=dict(self._among("SELECT match_key, id FROM records WHERE match_key IN", keys)),
            aliased=dict(self._among("SELECT match_key, record_id FROM aliases WHERE match_key IN", keys)),
        )

    def apply(self, plan: KeyPlan, version: int, now: datetime) -> None:
        """See ``Keys.apply``."""
        many = self._sql.executemany
        # Out of one another's way first: two records may swap their keys.
        many("UPDATE records SET match_key='#moving-' || id WHERE id=?", [(record,) for record in plan.moves])
        many("UPDATE records SET match_key=? WHERE id=?", [(key, record) for record, key in plan.moves.items()])
        many("DELETE FROM aliases WHERE match_key=?", [(key,) for key in plan.moves.values()])
        many(
            "INSERT INTO aliases (match_key, record_id, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [(alias.match_key, alias.record, alias.reason, stamp(now)) for alias in plan.aliases],
        )
        changed = [(rehash.new, rehash.record, rehash.old) for rehash in plan.rehashes]
        many("UPDATE records SET guid_hash=? WHERE id=? AND guid_hash=?", changed)
        # Two entries of one feed may come to one key: the first keeps the sighting, the other's is met no more.
        many("UPDATE OR IGNORE sightings SET guid_hash=? WHERE record_id=? AND guid IS NULL AND guid_hash=?", changed)
        many("UPDATE records SET match_key_version=? WHERE id=?", [(version, record) for record in plan.done])

    def _meeting(self, row: Sequence[Any]) -> Meeting:
        ident, slug, title, key, version, alias = row
        sightings = self._sql.execute(
            "SELECT f.url, s.guid, s.link, s.first_seen, s.last_seen FROM sightings s JOIN feeds f ON f.id=s.feed_id"
            " WHERE s.record_id=? ORDER BY s.first_seen, s.id",
            (ident,),
        )
        return Meeting(
            slug=slug,
            title=title,
            match_key=key,
            version=version,
            alias=alias,
            sightings=tuple(_sighted(*each) for each in sightings.fetchall()),
        )

    def _among(self, select: str, values: Sequence[object]) -> Iterator[Any]:
        for start in range(0, len(values), _CHUNK):
            chunk = values[start : start + _CHUNK]
            yield from self._sql.execute(f"{select} ({','.join('?' * len(chunk))})", chunk).fetchall()


def _sighted(feed: str, guid: str | None, link: str | None, first: str, last: str) -> Sighted:
    return Sighted(feed=feed, guid=guid, link=link, first_seen=moment(first), last_seen=moment(last))
