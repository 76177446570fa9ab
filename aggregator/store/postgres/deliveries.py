"""What could not be delivered."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from aggregator.model import Delivery, Seq
from aggregator.store.postgres.connection import Sql

_DELIVERY = "seq, tries, first_try_at, next_try_at, error, dead_at"


class PostgresDeliveries:
    """The ``Deliveries`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def waiting(self, name: str) -> list[Delivery]:
        """See ``Deliveries.waiting``."""
        rows = self._sql.execute(
            f"SELECT {_DELIVERY} FROM deliveries WHERE consumer=%s AND dead_at IS NULL ORDER BY seq",
            (name,),
        ).fetchall()
        return [_delivery(row) for row in rows]

    def dead(self, name: str | None = None) -> list[tuple[str, Delivery]]:
        """See ``Deliveries.dead``."""
        rows = self._sql.execute(
            f"SELECT consumer, {_DELIVERY} FROM deliveries"
            " WHERE coalesce(consumer=%s::text, true) AND dead_at IS NOT NULL ORDER BY consumer, seq",
            (name,),
        ).fetchall()
        return [(consumer, _delivery(row)) for consumer, *row in rows]

    def put(self, name: str, delivery: Delivery) -> None:
        """See ``Deliveries.put``."""
        self._sql.execute(
            f"INSERT INTO deliveries (consumer, {_DELIVERY}) VALUES (%s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (consumer, seq) DO UPDATE SET tries=excluded.tries, first_try_at=excluded.first_try_at,"
            " next_try_at=excluded.next_try_at, error=excluded.error, dead_at=excluded.dead_at",
            (
                name,
                delivery.seq,
                delivery.tries,
                delivery.first_try_at,
                delivery.next_try_at,
                delivery.error,
                delivery.dead_at,
            ),
        )

    def forget(self, name: str, seq: Seq) -> None:
        """See ``Deliveries.forget``."""
        self._sql.execute("DELETE FROM deliveries WHERE consumer=%s AND seq=%s", (name, seq))

    def revive(self, name: str, seqs: Collection[Seq], now: datetime) -> int:
        """See ``Deliveries.revive``."""
        wanted = [delivery.seq for _, delivery in self.dead(name) if not seqs or delivery.seq in seqs]
        self._sql.many(
            "UPDATE deliveries SET dead_at=NULL, tries=0, first_try_at=%s, next_try_at=%s WHERE consumer=%s AND seq=%s",
            [(now, now, name, seq) for seq in wanted],
        )
        return len(wanted)

    def stopped(self, name: str) -> str | None:
        """See ``Deliveries.stopped``."""
        row = self._sql.execute("SELECT stopped FROM consumers WHERE name=%s", (name,)).fetchone()
        return None if row is None else row[0]

    def stop(self, name: str, reason: str | None) -> None:
        """See ``Deliveries.stop``."""
        self._sql.execute("UPDATE consumers SET stopped=%s WHERE name=%s", (reason, name))


def _delivery(row: Sequence[Any]) -> Delivery:
    seq, tries, first, next_try, error, dead = row
    return Delivery(
        seq=Seq(seq),
        tries=tries,
        first_try_at=first,
        next_try_at=next_try,
        error=error,
        dead_at=dead,
    )
