"""What could not be delivered."""

import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import Delivery, Seq
from aggregator.store.sqlite.values import moment, moment_or_none, stamp, stamp_or_none

_DELIVERY = "seq, tries, first_try_at, next_try_at, error, dead_at"


class SqliteDeliveries:
    """The ``Deliveries`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def waiting(self, name: str) -> list[Delivery]:
        """See ``Deliveries.waiting``."""
        rows = self._sql.execute(
            f"SELECT {_DELIVERY} FROM deliveries WHERE consumer=? AND dead_at IS NULL ORDER BY seq",  # noqa: S608
            (name,),
        ).fetchall()
        return [_delivery(row) for row in rows]

    def dead(self, name: str | None = None) -> list[tuple[str, Delivery]]:
        """See ``Deliveries.dead``."""
        rows = self._sql.execute(
            f"SELECT consumer, {_DELIVERY} FROM deliveries"  # noqa: S608 - constants only
            " WHERE coalesce(consumer=?, true) AND dead_at IS NOT NULL ORDER BY consumer, seq",
            (name,),
        ).fetchall()
        return [(consumer, _delivery(row)) for consumer, *row in rows]

    def put(self, name: str, delivery: Delivery) -> None:
        """See ``Deliveries.put``."""
        self._sql.execute(
            f"INSERT OR REPLACE INTO deliveries (consumer, {_DELIVERY}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (
                name,
                delivery.seq,
                delivery.tries,
                stamp(delivery.first_try_at),
                stamp(delivery.next_try_at),
                delivery.error,
                stamp_or_none(delivery.dead_at),
            ),
        )

    def forget(self, name: str, seq: Seq) -> None:
        """See ``Deliveries.forget``."""
        self._sql.execute("DELETE FROM deliveries WHERE consumer=? AND seq=?", (name, seq))

    def revive(self, name: str, seqs: Collection[Seq], now: datetime) -> int:
        """See ``Deliveries.revive``."""
        wanted = [delivery.seq for _, delivery in self.dead(name) if not seqs or delivery.seq in seqs]
        self._sql.executemany(
            "UPDATE deliveries SET dead_at=NULL, tries=0, first_try_at=?, next_try_at=? WHERE consumer=? AND seq=?",
            [(stamp(now), stamp(now), name, seq) for seq in wanted],
        )
        return len(wanted)

    def stopped(self, name: str) -> str | None:
        """See ``Deliveries.stopped``."""
        row = self._sql.execute("SELECT stopped FROM consumers WHERE name=?", (name,)).fetchone()
        return None if row is None else row[0]

    def stop(self, name: str, reason: str | None) -> None:
        """See ``Deliveries.stop``."""
        self._sql.execute("UPDATE consumers SET stopped=? WHERE name=?", (reason, name))


def _delivery(row: Sequence[Any]) -> Delivery:
    seq, tries, first, next_try, error, dead = row
    return Delivery(
        seq=Seq(seq),
        tries=tries,
        first_try_at=moment(first),
        next_try_at=moment(next_try),
        error=error,
        dead_at=moment_or_none(dead),
    )
