"""Who holds which bucket: facts about PostgreSQL, where alone there are fleets."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from aggregator.model import Feed, FeedConfig
from aggregator.store.contract import StoreBusyError
from aggregator.store.fleet import Fleet, Tenure
from aggregator.store.postgres.store import PostgresStore
from aggregator.store.sqlite.feed_rows import BUCKETS, bucket_of
from tests.postgres import Server

NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOST = "a.example"
BUCKET = bucket_of(HOST)
_SILENCE = timedelta(seconds=30)


@pytest.fixture
def url(postgres: Server) -> str:
    """Offer a store with two feeds of one origin and one of another."""
    url = postgres.fresh()
    store = PostgresStore(url)
    with store.work() as work:
        work.feeds.sync(
            [FeedConfig(url=f"https://{name}") for name in (f"{HOST}/1", f"{HOST}/2", "other.example/")], NOW
        )
    store.close()
    return url


@contextmanager
def fleet(url: str) -> Iterator[Fleet]:
    """Offer the role in a transaction."""
    store = PostgresStore(url)
    with store.work() as work:
        yield work.fleet
    store.close()


def change(url: str, sql: str) -> int:
    """Do something to the database; return the number that comes of it, if any."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(sql.encode())
        return cursor.fetchall()[0][0] if cursor.description else 0


def held(url: str, bucket: int = BUCKET) -> Tenure:
    """Have a new worker take a bucket, as the queue does."""
    worker = change(url, "SELECT procrastinate_register_worker_v1()")
    job = change(
        url,
        "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args, status, worker_id)"
        f" VALUES ('polling', 'poll_bucket', 'bucket:{bucket}', 'bucket:{bucket}', '{{\"bucket\": {bucket}}}', 'doing',"
        f" {worker}) RETURNING id",
    )
    return Tenure(job=job, bucket=bucket, worker=worker)


def claim(url: str, *tenures: Tenure, per_origin: int = 5) -> list[Feed]:
    """Claim what there is."""
    with fleet(url) as role:
        return role.claim_due(
            tenures, NOW, limit=10, per_origin=per_origin, token="t", lease_until=NOW + timedelta(minutes=9)
        )


def silence(url: str, tenure: Tenure) -> None:
    """Have a worker not be heard of for a minute."""
    change(url, f"UPDATE procrastinate_workers SET last_heartbeat=now()-interval '60s' WHERE id={tenure.worker}")


def test_buckets_that_are_due_are_put_up_unless_somebody_has_them(url: str) -> None:
    """And not before their origin may be asked."""
    with fleet(url) as role:
        assert role.idle(NOW) == sorted({BUCKET, bucket_of("other.example")})
        assert role.idle(NOW - timedelta(seconds=1)) == []
    held(url)
    with fleet(url) as role:
        assert role.idle(NOW) == [bucket_of("other.example")]


def test_a_claim_takes_feeds_of_its_buckets_alone_and_few_of_an_origin(url: str) -> None:
    """SC-24, SC-25."""
    tenure = held(url)
    assert [feed.url for feed in claim(url, tenure, per_origin=1)] == [f"https://{HOST}/1"]
    assert claim(url, tenure, per_origin=1) == []
    assert [feed.url for feed in claim(url, tenure, per_origin=2)] == [f"https://{HOST}/2"]


def test_a_silent_worker_loses_its_bucket_and_its_claims(url: str) -> None:
    """And a late one finds that nothing is his any more."""
    tenure = held(url)
    assert len(claim(url, tenure)) == 2
    with fleet(url) as role:
        assert role.reap(_SILENCE) == []
    silence(url, tenure)
    with fleet(url) as role:
        assert role.reap(_SILENCE) == [BUCKET]
    assert claim(url, tenure) == []
    after = held(url)
    assert len(claim(url, after)) == 2
    with fleet(url) as role:
        assert role.confirm([tenure, after]) == {after.job}
        assert not role.hand_over(tenure, {})
        assert role.due([BUCKET], NOW) == frozenset()  # what the new one claimed stays claimed


def test_a_sign_of_life_keeps_a_bucket(url: str) -> None:
    """However long the silence before it was."""
    tenure = held(url)
    silence(url, tenure)
    with fleet(url) as role:
        assert role.confirm([tenure]) == {tenure.job}
        assert role.reap(_SILENCE) == []


def test_how_a_fleet_does_is_told_in_a_few_numbers(url: str) -> None:
    """Who lives, which buckets are held, how late they are, and how often one was taken from somebody."""
    first, second = held(url), held(url, bucket_of("other.example"))
    silence(url, second)
    with fleet(url) as role:
        before = role.standing(NOW + timedelta(seconds=90), _SILENCE)
        assert role.reap(_SILENCE) == [second.bucket]
        after = role.standing(NOW + timedelta(seconds=90), _SILENCE)
    assert (before.members, before.held, before.waiting, before.reaped) == (1, 2, 0, 0)
    assert (after.members, after.held, after.waiting, after.reaped) == (1, 1, 0, 1)
    assert before.lags[-3:] == (0.0, 90.0, 90.0)
    assert (len(before.lags), sum(before.lags)) == (BUCKETS, 180.0)
    assert claim(url, first)
    with fleet(url) as role:
        assert sum(role.standing(NOW, _SILENCE).lags) == 0


def test_a_job_that_its_worker_does_not_run_is_ended(url: str) -> None:
    """Its end was not heard of, while the database was away; the bucket would be polled no more."""
    tenure = held(url)
    assert len(claim(url, tenure)) == 2
    with fleet(url) as role:
        assert role.strays(tenure.worker, [tenure.job]) == frozenset()
        assert role.strays(tenure.worker, []) == {tenure.job}
        assert role.end([tenure.job]) == [BUCKET]
        assert role.end([tenure.job]) == []
        assert BUCKET in role.idle(NOW)


def test_what_is_overdue_with_one_origin_keeps_no_other_waiting(url: str) -> None:
    """However much of it there is in the bucket, and however long it was due before."""
    change(
        url,
        "INSERT INTO feeds (url, fetch_url, active, position, origin, bucket, added_at, next_poll_at)"
        f" SELECT 'https://{HOST}/more/' || n, '', true, n, '{HOST}', {BUCKET}, now(), '2025-01-01'"
        " FROM generate_series(1, 100) n",
    )
    change(url, f"UPDATE feeds SET bucket={BUCKET}")
    tenure = held(url)
    claims = [[feed.origin for feed in claim(url, tenure, per_origin=1)] for _ in range(3)]
    assert claims == [[HOST], ["other.example"], []]


def test_a_bucket_is_handed_over_with_the_pace_of_its_origins(url: str) -> None:
    """The next one asks no sooner than the last one would have."""
    tenure = held(url)
    assert len(claim(url, tenure)) == 2
    later = NOW + timedelta(seconds=2)
    with fleet(url) as role:
        assert role.hand_over(tenure, {HOST: later})
        assert [pace.not_before for pace in role.paces([HOST, "other.example"])] == [later]
        assert role.due([BUCKET], NOW) == frozenset()
        assert role.due([BUCKET, BUCKET + 1], later) == {BUCKET}


def test_members_share_the_store_and_keep_out_who_polls_alone(url: str) -> None:
    """SC-31; one of them has the outputs."""
    first, second, alone = (PostgresStore(url) for _ in range(3))
    with first.joined("one"), second.joined("two"):
        with pytest.raises(StoreBusyError, match="fleet"), alone.exclusive("poll"):
            pass
        with first.leading("one"), pytest.raises(StoreBusyError, match="outputs"), second.leading("two"):
            pass
    with alone.exclusive("poll"), pytest.raises(StoreBusyError, match="poll"), first.joined("one"):
        pass
