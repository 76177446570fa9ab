"""Polls that share a transaction of the one writer: each is as if it were alone."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any

import pytest

from aggregator.model import Digest, Seq
from aggregator.store.commit import commit
from aggregator.store.contract import StoreConflictError, Work
from aggregator.store.location import open_store
from aggregator.store.plan import Applied
from aggregator.store.writer import Writer
from tests.postgres import Server
from tests.store.factory import NOW, a_digest, a_draft, a_store, an_outcome, claim, poll
from tests.store.places import Place

A, B, C = (f"https://{name}.example/feed" for name in "abc")


async def at_once(place: Place, *jobs: Callable[[Work], Any]) -> list[Any]:
    """Have jobs wait for the writer until all are there; return what they returned or raised."""
    begun, ready = threading.Event(), threading.Event()

    def hold(_: Work) -> None:
        begun.set()
        assert ready.wait(10)

    async with Writer(open_store(place.url)) as write:
        first = asyncio.create_task(write(hold))
        await asyncio.to_thread(begun.wait, 10)
        calls = [asyncio.create_task(write(job)) for job in jobs]
        await asyncio.sleep(0)
        ready.set()
        await first
        return await asyncio.gather(*calls, return_exceptions=True)


def jobs_of(place: Place, *polls: tuple[str, Digest]) -> list[Callable[[Work], Applied]]:
    """Claim the feeds of a new store; return what commits a poll of each."""
    with a_store(place, *(url for url, _ in polls)) as store, store.work() as work:
        feeds = {feed.url: feed for feed in claim(work, NOW)}
    return [partial(commit, outcome=an_outcome(feeds[url], digest, NOW)) for url, digest in polls]


def lines(place: Place) -> list[tuple[Any, ...]]:
    """Return the change log: seq, kind and title."""
    return place.rows("SELECT c.seq, c.kind, r.title FROM changes c JOIN records r ON r.id=c.record_id ORDER BY c.seq")


async def test_a_story_of_two_feeds_is_one_record(place: Place) -> None:
    """DD-06: the second poll was planned before the first was written."""
    story, other = a_draft("x/1"), a_draft("x/2", title="Other")
    done = await at_once(place, *jobs_of(place, (A, a_digest(story)), (B, a_digest(story, other)), (C, a_digest())))
    assert [applied.new for applied in done] == [1, 1, 0]
    assert lines(place) == [(1, "new", "A story"), (2, "new", "Other")]
    assert place.rows("SELECT count(*), count(DISTINCT record_id) FROM sightings") == [(3, 2)]


async def test_stories_of_one_title_have_slugs_of_their_own(place: Place) -> None:
    """Two feeds wish for the same one at once."""
    await at_once(place, *jobs_of(place, (A, a_digest(a_draft("x/1"))), (B, a_digest(a_draft("x/2")))))
    slugs = [slug for (slug,) in place.rows("SELECT slug FROM records ORDER BY id")]
    assert slugs == ["a-story", a_draft("x/2").slug_unique]


async def test_what_was_planned_before_is_read(place: Place) -> None:
    """Whoever comes after a poll in the same transaction sees its stories."""
    first, second = jobs_of(place, (A, a_digest(a_draft("x/1"))), (B, a_digest(a_draft("x/2", title="Two"))))

    def look(work: Work) -> tuple[int, int, int]:
        records = sum(status.records for status in work.feeds.statuses())
        return work.records.count(), len(work.log.after(Seq(0), limit=9)), records

    done = await at_once(place, first, look, second, look)
    assert (done[1], done[3]) == ((1, 1, 1), (2, 2, 2))


async def test_what_fails_takes_nothing_with_it_that_it_had_written(place: Place) -> None:
    """SU-06: a job that has the poll before it written, and then fails."""
    first, second = jobs_of(place, (A, a_digest(a_draft("x/1"))), (B, a_digest(a_draft("x/2", title="Two"))))

    def fail(work: Work) -> None:
        second(work)
        assert work.records.count() == 2
        raise RuntimeError

    done = await at_once(place, first, fail, lambda work: work.records.count())
    assert isinstance(done[1], RuntimeError)
    assert done[2] == 1
    assert lines(place) == [(1, "new", "A story")]
    assert place.rows("SELECT count(*) FROM revisions") == place.rows("SELECT count(*) FROM sightings") == [(1,)]


async def test_a_feed_twice_is_as_one_poll_after_the_other(place: Place) -> None:
    """What the second says is compared with what the first said."""
    (job,) = jobs_of(place, (A, a_digest(a_draft("x/1"))))

    def again(work: Work) -> Applied:
        found = work.schedule.find(A)
        assert found is not None
        feed = work.pushes.claim(found.id, NOW, token="b", lease_until=NOW)
        assert feed is not None
        return commit(work, an_outcome(feed, a_digest(a_draft("x/1", title="Edited")), NOW))

    done = await at_once(place, job, again)
    assert [(applied.new, applied.updated) for applied in done] == [(1, 0), (0, 1)]
    assert [kind for _, kind, _ in lines(place)] == ["new", "updated"]


async def test_another_process_that_was_faster_is_planned_upon(postgres: Server) -> None:
    """DD-12: what waited is stale; all of it is planned once more, with nobody else writing meanwhile."""
    place = Place(postgres.fresh())
    story, others = a_draft("x/1"), (a_draft("x/2", title="Two"), a_draft("x/3", title="Three"))
    first, _, second = jobs_of(place, (A, a_digest(story)), (B, a_digest()), (C, a_digest(others[1])))
    runs: list[int] = []

    def interrupt(_: Work) -> None:
        runs.append(1)
        if len(runs) == 1:
            place.change(f"UPDATE feeds SET poll_token=NULL, claimed_until=NULL WHERE url='{B}'")
            with closing(open_store(place.url)) as other:
                poll(other, B, a_digest(story, others[0]), NOW)

    done = await at_once(place, first, interrupt, second)
    assert ([applied.new for applied in (done[0], done[2])], len(runs)) == ([0, 1], 2)
    assert [title for _, _, title in lines(place)] == ["A story", "Two", "Three"]
    assert list(open_store(place.url).examine(NOW)) == []


def test_without_the_writer_a_conflict_is_told(postgres: Server) -> None:
    """The transaction is undone as a whole, and the next one is alone from its beginning."""
    place = Place(postgres.fresh())
    ours, theirs = jobs_of(place, (A, a_digest(a_draft("x/1"))), (B, a_digest(a_draft("x/1"))))
    store, other = open_store(place.url), open_store(place.url)

    def together() -> Applied:
        with store.work() as work:
            with work.apart():
                applied = ours(work)
            if not lines(place):
                with other.work() as others:
                    theirs(others)
        return applied

    with pytest.raises(StoreConflictError, match="the same stories"):
        together()
    assert together().new == 0
    assert lines(place) == [(1, "new", "A story")]
    store.close()
    other.close()
