"""Who polls which bucket, in PostgreSQL: beside the tables of Procrastinate, whose jobs stand for buckets.

Whoever claims or confirms holds the row of its worker, and so does whoever reaps it: one of them is first.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from aggregator.model import Feed, Pace
from aggregator.store.fleet import FleetStanding, Tenure
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feeds import claim_among, longest_wait
from aggregator.store.postgres.lock import LEADING, holder_of
from aggregator.store.postgres.origins import PACE_COLUMNS, read_pace
from aggregator.store.sqlite.feed_rows import BUCKETS

# Of the bucket b: two probes of indexes, however many feeds there are. Not EXISTS, of which the planner makes a join of
# all feeds that are due.
_DUE_SINCE = """(
SELECT f.next_poll_at FROM feeds f JOIN origins o ON o.origin=f.origin
WHERE f.bucket=b AND f.active AND f.next_poll_at<=%(now)s AND (f.claimed_until IS NULL OR f.claimed_until<=%(now)s)
    AND (o.next_allowed_at IS NULL OR o.next_allowed_at<=%(now)s OR o.next_allowed_at>%(longest_wait)s)
ORDER BY f.next_poll_at LIMIT 1
)"""
_LAGS = f"""
SELECT coalesce(extract(epoch FROM %(now)s - {_DUE_SINCE}), 0)::float8 AS lag
FROM generate_series(0, {BUCKETS - 1}) AS b ORDER BY lag
"""
_JOBS = """
SELECT count(*) FILTER (WHERE status='todo'), count(*) FILTER (WHERE status='doing')
FROM procrastinate_jobs WHERE lock LIKE 'bucket:%'
"""
_DUE = f"SELECT b FROM unnest(%(buckets)s::int[]) AS b WHERE {_DUE_SINCE} IS NOT NULL"
_IDLE = f"""
WITH free AS MATERIALIZED (
    SELECT b FROM generate_series(0, {BUCKETS - 1}) AS b WHERE NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs j WHERE j.lock='bucket:' || b AND j.status IN ('todo', 'doing')
    )
)
SELECT b FROM free WHERE {_DUE_SINCE} IS NOT NULL
"""
_OURS = "SELECT id, (args->>'bucket')::int FROM procrastinate_jobs WHERE id=ANY(%s) AND worker_id=ANY(%s)"
_RELEASE = "UPDATE feeds SET poll_token=NULL, claimed_until=NULL WHERE bucket=ANY(%s) AND claimed_until IS NOT NULL"
# Not the jobs straight away: a sign of life that comes meanwhile is seen once the row is locked.
_SILENT = "SELECT id FROM procrastinate_workers WHERE last_heartbeat<now()-%s FOR NO KEY UPDATE"
_HELD = """
SELECT id, (args->>'bucket')::int FROM procrastinate_jobs WHERE status='doing' AND lock LIKE 'bucket:%%' AND
"""
_LEFT = f"{_HELD} (worker_id IS NULL OR worker_id=ANY(%s)) ORDER BY id FOR UPDATE"
_THESE = f"{_HELD} id=ANY(%s) ORDER BY id FOR UPDATE"
_STRAYS = f"{_HELD} worker_id=%s AND id<>ALL(%s)"


class PostgresFleet:
    """The ``Fleet`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def idle(self, now: datetime) -> list[int]:
        """See ``Fleet.idle``."""
        rows = self._sql.execute(_IDLE, {"now": now, "longest_wait": longest_wait(now)}).fetchall()
        return [bucket for (bucket,) in rows]

    def due(self, buckets: Sequence[int], now: datetime) -> frozenset[int]:
        """See ``Fleet.due``."""
        values = {"buckets": list(buckets), "now": now, "longest_wait": longest_wait(now)}
        return frozenset(bucket for (bucket,) in self._sql.execute(_DUE, values).fetchall())

    def paces(self, origins: Collection[str]) -> list[Pace]:
        """See ``Fleet.paces``."""
        rows = self._sql.execute(
            f"SELECT {PACE_COLUMNS} FROM origins WHERE origin=ANY(%s)"
            " AND (delay_seconds IS NOT NULL OR next_allowed_at IS NOT NULL)",
            (list(origins),),
        ).fetchall()
        return [read_pace(row) for row in rows]

    def confirm(self, tenures: Collection[Tenure]) -> frozenset[int]:
        """See ``Fleet.confirm``."""
        workers = sorted({tenure.worker for tenure in tenures})
        self._sql.execute("UPDATE procrastinate_workers SET last_heartbeat=now() WHERE id=ANY(%s)", (workers,))
        return frozenset(job for job, _ in self._ours(tenures))

    def claim_due(
        self,
        tenures: Collection[Tenure],
        now: datetime,
        *,
        limit: int,
        per_origin: int,
        token: str,
        lease_until: datetime,
    ) -> list[Feed]:
        """See ``Fleet.claim_due``."""
        workers = sorted({tenure.worker for tenure in tenures})
        self._sql.execute("SELECT 1 FROM procrastinate_workers WHERE id=ANY(%s) FOR SHARE", (workers,))
        return claim_among(
            self._sql,
            [bucket for _, bucket in self._ours(tenures)],
            now,
            limit=limit,
            per_origin=per_origin,
            token=token,
            lease_until=lease_until,
        )

    def pass_by(self, origin: str, now: datetime, *, patience: timedelta, distance: timedelta) -> timedelta:
        """See ``Fleet.pass_by``."""
        self._sql.execute("INSERT INTO origins (origin) VALUES (%s) ON CONFLICT DO NOTHING", (origin,))
        (until,) = self._sql.one("SELECT next_allowed_at FROM origins WHERE origin=%s FOR NO KEY UPDATE", (origin,))
        start = now if until is None or until > longest_wait(now) else max(until, now)
        if start - now <= patience:
            self._sql.execute("UPDATE origins SET next_allowed_at=%s WHERE origin=%s", (start + distance, origin))
        return start - now

    def hand_over(self, tenure: Tenure, free: Mapping[str, datetime]) -> bool:
        """See ``Fleet.hand_over``."""
        self._sql.execute("SELECT 1 FROM procrastinate_workers WHERE id=%s FOR SHARE", (tenure.worker,))
        if not self._ours([tenure]):
            return False
        self._sql.execute(_RELEASE, ([tenure.bucket],))
        self._sql.many(
            "UPDATE origins SET next_allowed_at=greatest(next_allowed_at, %s) WHERE origin=%s",
            [(until, origin) for origin, until in sorted(free.items())],
        )
        return True

    def reap(self, silence: timedelta) -> Sequence[int]:
        """See ``Fleet.reap``."""
        silent = [worker for (worker,) in self._sql.execute(_SILENT, (silence,)).fetchall()]
        left = self._sql.execute(_LEFT, (silent,)).fetchall()
        if left:
            self._sql.execute("INSERT INTO reaps VALUES (now(), %s)", (len(left),))
        return self._end(left)

    def standing(self, now: datetime, silence: timedelta) -> FleetStanding:
        """See ``Fleet.standing``."""
        (members,) = self._sql.one(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat>=now()-%s", (silence,)
        )
        waiting, held = self._sql.one(_JOBS)
        lags = self._sql.execute(_LAGS, {"now": now, "longest_wait": longest_wait(now)}).fetchall()
        (reaped,) = self._sql.one("SELECT coalesce(sum(buckets), 0) FROM reaps")
        return FleetStanding(
            members=members, waiting=waiting, held=held, lags=tuple(lag for (lag,) in lags), reaped=int(reaped)
        )

    def is_led(self) -> bool:
        """See ``Fleet.is_led``."""
        return holder_of(self._sql, LEADING) is not None

    def strays(self, worker: int, running: Collection[int]) -> frozenset[int]:
        """See ``Fleet.strays``."""
        rows = self._sql.execute(_STRAYS, (worker, list(running))).fetchall()
        return frozenset(job for job, _ in rows)

    def end(self, jobs: Collection[int]) -> Sequence[int]:
        """See ``Fleet.end``."""
        return self._end(self._sql.execute(_THESE, (list(jobs),)).fetchall())

    def _end(self, held: Sequence[tuple[int, int]]) -> Sequence[int]:
        self._sql.many("SELECT procrastinate_finish_job_v1(%s, 'failed', true)", [(job,) for job, _ in held])
        buckets = [bucket for _, bucket in held]
        self._sql.execute(_RELEASE, (buckets,))
        return buckets

    def _ours(self, tenures: Collection[Tenure]) -> list[tuple[int, int]]:
        """Return (job, bucket) of those that nobody has ended."""
        jobs, workers = [tenure.job for tenure in tenures], [tenure.worker for tenure in tenures]
        return self._sql.execute(_OURS + " AND status='doing'", (jobs, workers)).fetchall()
