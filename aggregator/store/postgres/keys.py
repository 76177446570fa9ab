"""The match keys of records in PostgreSQL."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import RecordId
from aggregator.store.keys import Holders, Keyed, KeyPlan, Meeting, Sighted
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.values import names

_MEETING = "SELECT r.id, r.slug, r.title, r.match_key, r.match_key_version"


class PostgresKeys:
    """The ``Keys`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def meet(self, key: str) -> Meeting | None:
        """See ``Keys.meet``."""
        row = self._sql.execute(f"{_MEETING}, NULL FROM records r WHERE r.match_key=%s", (key,)).fetchone()
        row = (
            row
            or self._sql.execute(
                f"{_MEETING}, a.reason FROM aliases a JOIN records r ON r.id=a.record_id WHERE a.match_key=%s", (key,)
            ).fetchone()
        )
        return self._meeting(row) if row else None

    def marked(self, key: str, *, limit: int) -> list[Meeting]:
        """See ``Keys.marked``."""
        rows = self._sql.execute(
            f"{_MEETING}, NULL FROM records r WHERE r.match_key>=%s AND r.match_key<%s ORDER BY r.match_key LIMIT %s",
            (f"{key}#", f"{key}$", limit),  # "$" follows "#"
        ).fetchall()
        return [self._meeting(row) for row in rows]

    def count_behind(self, version: int) -> int:
        """See ``Keys.count_behind``."""
        return int(self._sql.one("SELECT count(*) FROM records WHERE match_key_version<%s", (version,))[0])

    def behind(self, version: int, *, limit: int) -> list[Keyed]:
        """See ``Keys.behind``."""
        rows = self._sql.execute(
            "SELECT r.id, r.match_key, r.match_key_version, r.canonical_source, f.url,"
            " (SELECT coalesce(json_agg(a.match_key ORDER BY a.match_key), '[]') FROM aliases a WHERE a.record_id=r.id)"
            " FROM records r JOIN feeds f ON f.id=r.feed_id WHERE r.match_key_version<%s"
            " ORDER BY r.match_key_version, r.id LIMIT %s",
            (version, limit),
        )
        return [
            Keyed(id=RecordId(ident), key=key, version=of, source=source, feed_url=feed_url, aliases=names(aliases))
            for ident, key, of, source, feed_url, aliases in rows.fetchall()
        ]

    def holders(self, keys: Sequence[str]) -> Holders:
        """See ``Keys.holders``."""
        return Holders(
            own=dict(self._among("SELECT match_key, id FROM records WHERE match_key=ANY(%s)", keys)),
            aliased=dict(self._among("SELECT match_key, record_id FROM aliases WHERE match_key=ANY(%s)", keys)),
        )

    def apply(self, plan: KeyPlan, version: int, now: datetime) -> None:
        """See ``Keys.apply``."""
        many = self._sql.many
        # Out of one another's way first: two records may swap their keys.
        many("UPDATE records SET match_key='#moving-' || id WHERE id=%s", [(record,) for record in plan.moves])
        many("UPDATE records SET match_key=%s WHERE id=%s", [(key, record) for record, key in plan.moves.items()])
        many("DELETE FROM aliases WHERE match_key=%s", [(key,) for key in plan.moves.values()])
        many(
            "INSERT INTO aliases (match_key, record_id, reason, at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [(alias.match_key, alias.record, alias.reason, now) for alias in plan.aliases],
        )
        changed = [(rehash.new, rehash.record, rehash.old) for rehash in plan.rehashes]
        many("UPDATE records SET guid_hash=%s WHERE id=%s AND guid_hash=%s", changed)
        # Two entries of one feed may come to one key: the first keeps the sighting, the other's is met no more.
        many(
            "UPDATE sightings s SET guid_hash=%(new)s WHERE record_id=%(record)s AND guid IS NULL AND guid_hash=%(old)s"
            " AND NOT EXISTS (SELECT 1 FROM sightings x WHERE x.feed_id=s.feed_id AND x.guid_hash=%(new)s)",
            [{"new": rehash.new, "record": rehash.record, "old": rehash.old} for rehash in plan.rehashes],
        )
        many("UPDATE records SET match_key_version=%s WHERE id=%s", [(version, record) for record in plan.done])

    def _meeting(self, row: Sequence[Any]) -> Meeting:
        ident, slug, title, key, version, alias = row
        sightings = self._sql.execute(
            "SELECT f.url, s.guid, s.link, s.first_seen, s.last_seen FROM sightings s JOIN feeds f ON f.id=s.feed_id"
            " WHERE s.record_id=%s ORDER BY s.first_seen, s.id",
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
        yield from self._sql.execute(select, (list(values),)).fetchall()


def _sighted(feed: str, guid: str | None, link: str | None, first: datetime, last: datetime) -> Sighted:
    return Sighted(feed=feed, guid=guid, link=link, first_seen=first, last_seen=last)
