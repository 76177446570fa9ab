"""What was learnt about origins, in PostgreSQL."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import Pace
from aggregator.store.postgres.connection import Sql

PACE_COLUMNS = "origin, delay_seconds, refused_seconds, slowed_at, next_allowed_at"


class PostgresOrigins:
    """The ``Origins`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def paces(self) -> list[Pace]:
        """See ``Origins.paces``."""
        rows = self._sql.execute(
            f"SELECT {PACE_COLUMNS} FROM origins"
            " WHERE delay_seconds IS NOT NULL OR next_allowed_at IS NOT NULL ORDER BY origin"
        ).fetchall()
        return [read_pace(row) for row in rows]

    def keep(self, paces: Iterable[Pace]) -> None:
        """See ``Origins.keep``."""
        self._sql.many(
            "UPDATE origins SET delay_seconds=%s, refused_seconds=%s, slowed_at=%s,"
            " next_allowed_at=greatest(next_allowed_at, %s) WHERE origin=%s",
            [
                (
                    _seconds(pace.delay),
                    _seconds(pace.refused),
                    pace.slowed_at,
                    pace.not_before,
                    pace.origin,
                )
                for pace in paces
            ],
        )

    def mend(self, now: datetime) -> None:
        """See ``Origins.mend``."""
        rows = self._sql.execute(
            "SELECT o.origin, o.slowed_at, o.next_allowed_at, max(f.last_poll_at) FROM origins o"
            " JOIN feeds f ON f.origin=o.origin WHERE o.slowed_at>%(now)s OR o.next_allowed_at>%(now)s"
            " GROUP BY o.origin HAVING max(f.last_poll_at)>%(now)s",
            {"now": now},
        ).fetchall()
        self._sql.many(
            "UPDATE origins SET slowed_at=%s, next_allowed_at=%s WHERE origin=%s",
            [
                (_earlier(slowed, polled - now), _earlier(until, polled - now), origin)
                for origin, slowed, until, polled in rows
            ],
        )


def read_pace(row: Sequence[Any]) -> Pace:
    """Return what is known of an origin, from a row of PACE_COLUMNS."""
    origin, delay, refused, slowed, until = row
    return Pace(origin=origin, delay=_duration(delay), refused=_duration(refused), slowed_at=slowed, not_before=until)


def _earlier(moment: datetime | None, ahead: timedelta) -> datetime | None:
    return None if moment is None else moment - ahead


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
