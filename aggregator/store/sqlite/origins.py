"""What was learnt about origins, in SQLite."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from aggregator.model import Pace
from aggregator.store.sqlite.values import moment, moment_or_none, stamp, stamp_or_none


class SqliteOrigins:
    """The ``Origins`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def paces(self) -> list[Pace]:
        """See ``Origins.paces``."""
        rows = self._sql.execute(
            "SELECT origin, delay_seconds, refused_seconds, slowed_at, next_allowed_at FROM origins"
            " WHERE delay_seconds IS NOT NULL OR next_allowed_at IS NOT NULL"
        ).fetchall()
        return [
            Pace(
                origin=origin,
                delay=_duration(delay),
                refused=_duration(refused),
                slowed_at=moment_or_none(slowed),
                not_before=moment_or_none(until),
            )
            for origin, delay, refused, slowed, until in rows
        ]

    def keep(self, paces: Iterable[Pace]) -> None:
        """See ``Origins.keep``."""
        self._sql.executemany(
            "UPDATE origins SET delay_seconds=?, refused_seconds=?, slowed_at=?,"
            " next_allowed_at=nullif(max(coalesce(next_allowed_at, ''), ?), '') WHERE origin=?",
            [
                (
                    _seconds(pace.delay),
                    _seconds(pace.refused),
                    stamp_or_none(pace.slowed_at),
                    stamp_or_none(pace.not_before) or "",
                    pace.origin,
                )
                for pace in paces
            ],
        )

    def mend(self, now: datetime) -> None:
        """See ``Origins.mend``."""
        rows = self._sql.execute(
            "SELECT o.origin, o.slowed_at, o.next_allowed_at, max(f.last_poll_at) FROM origins o"
            " JOIN feeds f ON f.origin=o.origin WHERE o.slowed_at>:now OR o.next_allowed_at>:now"
            " GROUP BY o.origin HAVING max(f.last_poll_at)>:now",
            {"now": stamp(now)},
        ).fetchall()
        self._sql.executemany(
            "UPDATE origins SET slowed_at=?, next_allowed_at=? WHERE origin=?",
            [
                (_earlier(slowed, moment(polled) - now), _earlier(until, moment(polled) - now), origin)
                for origin, slowed, until, polled in rows
            ],
        )


def _earlier(text: str | None, ahead: timedelta) -> str | None:
    return None if text is None else stamp(moment(text) - ahead)


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
