"""Feeds of the site, and what other programs find it by."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from aggregator.feeds.opml import outlines
from aggregator.publish.syndication import SYNDICATIONS
from aggregator.store.browsing import Shelf
from tests.publish.feed_rules import flaws
from tests.publish.feeding import read_back, told
from tests.publish.forms import RECORD
from tests.store.factory import NOW, a_digest, poll
from tests.web.making import GAZETTE, HERALD, a_library, a_story, browsing

TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".json": "application/feed+json",
}
HOSTILE = '"><script>alert(1)</script>&lt;b&gt;'
PAGES = {
    "/": "/feed",
    "/topic/a%2Fb": "/feed/topic/a%2Fb",
    "/entity/Ann%20%2F%20Harbour": "/feed/entity/Ann%20%2F%20Harbour",
    "/language/zh": "/feed/language/zh",
    "/source/1": "/feed/source/1",
    "/source/2": "/feed/source/2",
    "/search?q=ferr*": "/feed/search",
}


@pytest.mark.parametrize("page", PAGES)
async def test_every_list_has_a_feed_in_every_format_and_names_it(tmp_path: Path, page: str) -> None:
    one = a_story(1, title="Ferry", topics=("a/b",), entities=("Ann / Harbour",), lang="zh-Hans")
    with a_library(tmp_path, one, a_story(2, title="Bread")) as store:
        async with browsing(store) as client:
            shown = await client.get(page)
            for ending, media in TYPES.items():
                path = PAGES[page] + ending + ("?q=ferr%2A" if "q=" in page else "")
                assert f'<link rel="alternate" type="{media.partition(";")[0]}"' in shown.text
                assert f'href="{path}"' in shown.text
                got = await client.get(path)
                assert (got.status_code, got.headers["content-type"]) == (200, media)
                assert ending == ".json" or flaws(got.content) == set()
                found = re.findall("Ferry|Bread", got.text)
                told = [] if page == "/source/2" else ["Bread", "Ferry"] if page in {"/", "/source/1"} else ["Ferry"]
                assert found == told


async def test_a_feed_is_sent_once_to_who_keeps_it_and_anew_when_it_changed(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            before = await client.get("/feed.atom")
            for condition in (
                {"If-None-Match": before.headers["etag"]},
                {"If-Modified-Since": before.headers["last-modified"]},
            ):
                again = await client.get("/feed.atom", headers=condition)
                assert (again.status_code, again.content) == (304, b"")
            poll(store, HERALD, a_digest(a_story(1, body="Another.")), NOW + timedelta(hours=1))
            after = await client.get("/feed.atom", headers={"If-None-Match": before.headers["etag"]})
            assert after.status_code == 200
            assert "Another." in after.text


async def test_what_is_no_feed_is_404(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for path in (
                *("/feed.exe", "/feed", "/feedx", "/feed/search.exe", "/feed/topic/none.atom", "/feed/source/x.rss"),
                *("/feed/source/99.rss", "/feed/source/.rss", f"/feed/source/{'9' * 30}.rss", "/feed/nope/x.atom"),
                *("/feed/topic/news", "/feed/topic/", "/feed/topic/news.", "/feed/source/²,.atom"),
            ):
                assert (await client.get(path)).status_code == 404, path
            assert (await client.get("/feed/search.atom")).status_code == 200
            assert (await client.get("/feed/search.rss", params={"q": HOSTILE})).status_code == 200


async def test_what_a_feed_of_ours_says_is_text_wherever_it_comes_from(tmp_path: Path) -> None:
    """XS-19: titles, labels and what was searched for."""
    story = a_story(1, title=f"T {HOSTILE}", topics=(HOSTILE,), entities=(HOSTILE,), body=f"B {HOSTILE}", slug="t")
    with a_library(tmp_path, story) as store:
        async with browsing(store) as client:
            for path in ("/feed.atom", "/feed.rss", f"/feed/topic/{quote(HOSTILE, safe='')}.atom"):
                got = await client.get(path)
                assert got.status_code == 200
                assert "<script" not in got.text
                assert flaws(got.content) <= {"ContainsHTML"}


async def test_the_feeds_of_the_site_are_offered_as_opml_without_secrets(tmp_path: Path) -> None:
    """HT-16."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            got = await client.get("/feeds.opml")
            assert "secret" not in got.text
            assert [each.url for each in outlines(got.text)] == ["https://herald.example/feed", GAZETTE]


async def test_the_news_sitemap_holds_the_last_two_days_and_robots_are_told_of_it(tmp_path: Path) -> None:
    old = a_story(2, published=NOW - timedelta(days=3))
    with a_library(tmp_path, a_story(1), old) as store:
        async with browsing(store, base_url="https://news.example/wire") as client:
            got = await client.get("/news-sitemap.xml")
            assert re.findall("<loc>(.*)</loc>", got.text) == ["https://news.example/wire/news/story-1"]
            robots = (await client.get("/robots.txt")).text
            assert "Sitemap: https://news.example/wire/news-sitemap.xml\n" in robots
            assert "Disallow: /wire/search\n" in robots


@pytest.mark.parametrize("path", ["", "/topic/transport", "/entity/Ann%20Harbour", "/language/en", "/source/1"])
async def test_a_feed_polled_by_another_of_us_gives_the_same_records(tmp_path: Path, path: str) -> None:
    """In every format: title, source, text, date, summary, language and topics. XS-18."""
    moments = (NOW - timedelta(hours=1), NOW - timedelta(hours=2), None)
    titles = ("3 < 4 & <b>more</b>", "東京の新しい船", RECORD.title)
    drafts = [
        replace(
            a_story(number, title=title, body=RECORD.body_md, topics=RECORD.topics, entities=RECORD.entities),
            summary=RECORD.summary,
            published_at=at and at.replace(microsecond=0),
        )
        for number, (title, at) in enumerate(zip(titles, moments, strict=True))
    ]
    with a_library(tmp_path, *drafts) as store:
        with store.read() as work:
            latest = work.browsing.latest(Shelf(), before=None, limit=9)
            kept = [told(record) for record in work.browsing.records([story.place for story in latest])]
        async with browsing(store) as client:
            for form in SYNDICATIONS:
                got = await client.get(f"/feed{path}{form.suffix}")
                assert [told(draft) for draft in read_back(got.content, form, title=None)] == kept
