"""Looking for what is wrong with the server and with what is stored. Changes nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from aggregator.model import Finding
from aggregator.store.contract import StoreError
from aggregator.store.postgres.connection import Sql, connect, transaction
from aggregator.store.postgres.contents import misfits
from aggregator.store.postgres.reader import SNAPSHOT
from aggregator.store.postgres.versions import expect_current

_CLOCK_SLACK = timedelta(minutes=1)
_OLDEST = 150000  # the oldest release that is tested with, as server_version_num has it


def examine(url: str, now: datetime) -> Iterator[Finding]:
    """Yield what is wrong with the store: the server, the tables, what is in them."""
    try:
        sql = connect(url, writes=False)
        try:
            with transaction(sql, SNAPSHOT):  # so that a poll that is committed meanwhile confuses nobody
                yield from _server(sql)
                expect_current(sql)
                yield from misfits(sql)
                yield from _clock(sql, now)
        finally:
            sql.close()
    except StoreError as error:
        advice = "see to the server and the address in [store] url; `aggregator migrate` makes or upgrades the tables"
        yield Finding(check="store", severity="problem", message=str(error), advice=advice)


def _server(sql: Sql) -> Iterator[Finding]:
    if sql.info.server_version < _OLDEST:
        yield Finding(
            check="server",
            severity="warning",
            message=f"PostgreSQL {sql.info.server_version // 10000} is older than what the aggregator is tested with",
            advice="upgrade the server to PostgreSQL 15 or newer",
        )


def _clock(sql: Sql, now: datetime) -> Iterator[Finding]:
    (latest,) = sql.one("SELECT max(finished_at) FROM polls")
    if latest is not None and latest > now + _CLOCK_SLACK:
        yield Finding(
            check="clock",
            severity="problem",
            message=f"the last poll ended at {latest:%Y-%m-%d %H:%M:%S} UTC, which is to come: a clock is or was wrong",
            advice="set the clock (and let NTP keep it); the schedule mends itself when the daemon starts",
        )
