"""A process that writes: ``python -m tests.store.writing URL FEED POLLS``, 20 new stories a poll. Some polls fail."""

import sys
from contextlib import suppress
from datetime import timedelta

from aggregator.store.commit import commit
from aggregator.store.contract import Work
from aggregator.store.location import open_store
from tests.store.factory import NOW, a_digest, a_draft, an_outcome, poll

STORIES = 20


def main(url: str, feed: str, polls: int) -> None:
    """Poll the feed so many times; each fourth poll is followed by one that is undone."""
    store = open_store(url)
    for number in range(polls):
        drafts = [a_draft(f"{feed}/{number}/{n}", title=f"{feed} {number} {n}") for n in range(STORIES)]
        poll(store, feed, a_digest(*drafts), NOW + timedelta(minutes=number))
        if number % 4 == 0:
            with suppress(ZeroDivisionError), store.work() as work:
                _fail(work, feed)
    store.close()


def _fail(work: Work, url: str) -> None:
    found = work.schedule.find(url)
    assert found is not None
    feed = work.pushes.claim(found.id, NOW, token="t", lease_until=NOW + timedelta(hours=1))
    assert feed is not None
    commit(work, an_outcome(feed, a_digest(a_draft("never/1"), a_draft("never/2")), NOW))
    raise ZeroDivisionError


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
