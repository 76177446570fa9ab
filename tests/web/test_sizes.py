"""How large pages are when there is much to show, in letters of three bytes each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.model import Draft, FeedConfig
from aggregator.store.contract import Store
from tests.store.factory import NOW, a_digest, a_store, poll, sixteen
from tests.web.making import GAZETTE, HERALD, a_story, browsing, index

MOST_BYTES = 50_000
DAY = timedelta(days=1)
WORDS = "港口渡轮星期一恢复航行"
NAME = f"{WORDS * 3} "
PATHS = (
    *("/", "/topic/t1", f"/entity/{quote(NAME)}1", "/source/1", "/language/zh", "/topics", "/stories", "/feeds"),
    *("/search?q=%E6%B8%AF%E5%8F%A3", "/search", "/about", "/news/s-0/history", "/news/s-1", "/nothing-here"),
)


def told(number: int, day: int) -> Draft:
    topics = tuple(f"t{n}" for n in range(number % 90, number % 90 + 5))
    entities = tuple(f"{NAME}{n}" for n in range(number % 90, number % 90 + 8))
    draft = a_story(
        number,
        title=f"{number} {WORDS * 4}",
        body=f"{WORDS * (20 + day)}\n\n" * 20,
        slug=f"s-{number}",
        topics=topics,
        entities=entities,
        lang=f"zh-{number:03}" if number < 60 else "zh-Hans",
        published=NOW - (number + 1) * timedelta(hours=1),
    )
    said = sixteen(f"{number} {day if number == 0 else 0}")
    return replace(draft, summary=WORDS * 30, content_hash=said, entry_hash=said)


def fill(store: Store) -> Sequence[Draft]:
    drafts: list[Draft] = []
    for day in range(13, -1, -1):
        drafts = [told(number, day) for number in range(20 * (14 - day))]
        for url in (HERALD, GAZETTE):
            poll(store, url, a_digest(*drafts), NOW - day * DAY)
    return drafts


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("full")
    with a_store(folder, HERALD, GAZETTE) as store:
        fill(store)
        others = [FeedConfig(url=f"https://feed-{n}.example/a/path", name=f"{n} {WORDS * 9}") for n in range(60)]
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=HERALD), FeedConfig(url=GAZETTE), *others], NOW)
        for n in range(24):
            for day in range(14):
                new = a_story(1000 + n, title=f"{WORDS} {n}", published=NOW - day * DAY)
                poll(store, others[n].url, a_digest(new), NOW - (14 - day) * DAY)
        with store.work() as work:
            work.clusters.catch_up(NOW, limit=10_000)
        index(store)
    return folder


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_is_small_however_much_there_is(folder: Path, path: str) -> None:
    """Whatever stories there are, and whatever they are in; but the page of a story has all of its text."""
    with a_store(folder, *()) as store:
        async with browsing(store, now=NOW, stories=True) as client:
            got = await client.get(path)
            assert got.status_code == (404 if path == "/nothing-here" else 200)
            assert 1000 < len(got.content) < MOST_BYTES
