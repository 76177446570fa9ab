"""A feed's week as a picture."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.schedule.habits import begun
from aggregator.store.commit import commit
from aggregator.web.week import week
from tests.store.factory import NOW, a_digest, a_draft, an_outcome, claim
from tests.web.making import GAZETTE, HERALD, a_library, a_story, browsing

DAY = timedelta(days=1)
NINE = NOW.replace(hour=9, minute=5)
HABIT = begun([NINE - day * DAY for day in range(40, 0, -1)], NOW)


def test_the_hour_that_brings_most_is_darkest() -> None:
    found = week(HABIT)
    assert found is not None
    assert "from 9:00" in found.says
    shade, darkest = max(found.paths)
    assert shade == 1
    assert {bar.partition(" ")[0] for bar in darkest.split("M")[1:]} == {"36"}
    assert sum(len(path) for _, path in found.paths) < 1500
    assert week(None) is None


async def test_the_page_of_feeds_shows_the_weeks_that_are_known(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        with store.work() as work:
            work.feeds.ask([HERALD], NOW, recent=NOW)
            feed = next(feed for feed in claim(work, NOW) if feed.url == HERALD)
            outcome = an_outcome(feed, a_digest(a_draft("x.example/1")), NOW)
            habitual = replace(outcome.feed, rhythm=replace(outcome.feed.rhythm, habit=HABIT))
            commit(work, replace(outcome, feed=habitual))
        async with browsing(store) as client:
            text = (await client.get("/feeds")).text
    assert text.count('<svg class="week"') == 1
    assert text.count('class="card"') == len((HERALD, GAZETTE))
