"""Several processes write to one database."""

import subprocess
import sys
import threading
from datetime import timedelta

import pytest

from aggregator.model import FeedConfig, Seq
from aggregator.store.commit import commit
from aggregator.store.contract import StaleClaimError, StalePlanError, StoreBusyError, StoreUnavailableError
from aggregator.store.location import open_store
from aggregator.store.plan import plan_changes
from aggregator.store.writer import Writer
from tests.postgres import Server
from tests.store.factory import NOW, a_digest, a_draft, a_store, an_outcome, claim, poll
from tests.store.places import Place
from tests.store.writing import STORIES

A, B = "https://a.example/feed", "https://b.example/feed"
HOUR = timedelta(hours=1)
_PROCESSES, _POLLS = 3, 100


@pytest.fixture
def url(postgres: Server) -> str:
    """Offer a new database."""
    return postgres.fresh()


def test_a_follower_sees_every_change_in_order_whoever_wrote_it(url: str) -> None:
    """DD-12: a cursor on numbers that are given out before they are visible loses hundreds of 6,000."""
    feeds = [f"https://{n}.example/feed" for n in range(_PROCESSES)]
    with a_store(Place(url), *feeds):
        pass
    writers = [
        subprocess.Popen([sys.executable, "-m", "tests.store.writing", url, feed, str(_POLLS)]) for feed in feeds
    ]
    seen: list[int] = []
    looks = 0
    reader = open_store(url).reader()
    while True:
        is_over = all(writer.poll() is not None for writer in writers)
        with reader.read() as work:
            changes = work.log.after(Seq(seen[-1] if seen else 0), limit=500)
        seen += [change.seq for change in changes]
        looks += bool(changes)
        if is_over and not changes:
            break
    reader.close()
    assert [writer.returncode for writer in writers] == [0] * _PROCESSES
    assert seen == list(range(1, _PROCESSES * _POLLS * STORIES + 1))
    assert looks > 3
    assert list(open_store(url).examine(NOW + 99 * HOUR)) == []


def test_what_was_planned_upon_is_looked_at_again(url: str) -> None:
    """DD-12: between planning and writing another process brings the same story."""
    digest = a_digest(a_draft("x/1"), a_draft("x/2", title="Two"))
    with a_store(Place(url), A, B) as store, a_store(Place(url), A, B) as other, store.work() as work:
        (feed,) = claim(work, NOW, limit=1)
        plan = plan_changes(digest, work.records.known(feed, digest), feed.id)
        assert len(plan.new) == 2
        assert poll(other, B, a_digest(a_draft("x/1")), NOW + HOUR).new == 1
        with pytest.raises(StalePlanError):
            work.records.apply(plan, feed, NOW)
        assert commit(work, an_outcome(feed, digest, NOW)).new == 1
    with open_store(url).read() as work:
        assert work.records.count() == 2


def test_a_feed_is_claimed_once_and_an_origin_by_no_more_than_allowed(url: str) -> None:
    """SC-25, SC-30: eight claim at once."""
    feeds = [f"https://{n % 10}.example/{n}" for n in range(60)]
    with a_store(Place(url), *feeds):
        pass
    claimed: list[str] = []
    barrier = threading.Barrier(8)

    def take(number: int) -> None:
        store = open_store(url)
        barrier.wait()
        for _ in range(4):
            with store.work() as work:
                claimed.extend(feed.url for feed in claim(work, NOW, token=f"t{number}", per_origin=2, limit=7))
        store.close()

    threads = [threading.Thread(target=take, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed))
    assert max(sum(f"//{n}." in each for each in claimed) for n in range(10)) == 2


def test_a_zombie_changes_nothing(url: str) -> None:
    """SC-30: its claim lapsed while it was frozen, and another took the feed over."""
    with a_store(Place(url), A) as store, a_store(Place(url), A) as other:
        with store.work() as work:
            (old,) = claim(work, NOW, token="old")
        with other.work() as work:
            (new,) = claim(work, NOW + HOUR, token="new")
            commit(work, an_outcome(new, a_digest(a_draft("x/1")), NOW + HOUR))
        with pytest.raises(StaleClaimError), store.work() as work:
            commit(work, an_outcome(old, a_digest(a_draft("x/2"), a_draft("x/3")), NOW))
        with store.read() as work:
            assert (work.records.count(), work.log.last()) == (1, 1)


def test_who_is_first_is_told_to_the_second_and_free_when_gone(url: str) -> None:
    """SC-31, OI-09: by name, with what keeps it waiting; the lock dies with its connection."""
    first, second = open_store(url), open_store(url)
    with first.exclusive("the first"):
        first.tell("no room")
        holder = second.holder()
        assert holder is not None
        assert holder.name.startswith("the first")
        assert holder.trouble == "no room"
        with pytest.raises(StoreBusyError, match="the first"), second.exclusive("the second"):
            pass
    assert first.holder() is None
    with second.exclusive("the second"):
        pass


async def test_a_restart_of_the_server_is_waited_for(postgres: Server, url: str) -> None:
    """What is not committed is written again; nothing is lost, and nothing twice."""
    store = open_store(url)
    with store.exclusive("the daemon"):
        async with Writer(store, patient=True, retry_seconds=0.1) as write:
            await write(lambda work: work.feeds.sync([FeedConfig(url=A)], NOW))
            postgres.restart()
            with pytest.raises(StoreUnavailableError):
                await write.once(lambda work: work.records.count())
            (feed,) = await write(lambda work: claim(work, NOW))
            applied = await write(lambda work: commit(work, an_outcome(feed, a_digest(a_draft("x/1")), NOW)))
            assert applied.new == 1
            assert open_store(url).holder() is not None
