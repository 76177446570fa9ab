"""Lists, search, feeds: what people see."""

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests.store.factory import NOW, a_digest, poll
from tests.web.making import GAZETTE, HERALD, a_library, a_story, browsing, index

PAGES = ("/", "/topic/news", "/entity/Ann%20%2F%20Harbour", "/source/1", "/language/en", "/topics", "/feeds", "/about")
MOST_BYTES = 50_000
HOSTILE = '"><script>alert(1)</script>&lt;b&gt;'


def titles(got: httpx.Response) -> list[str]:
    return re.findall(r'<a href="/news/[^"]*">(.*?)</a>', got.text)


async def test_the_front_page_is_by_day_the_newest_first_and_pages_through_everything(tmp_path: Path) -> None:
    """A date in the future is no way to the top: a story is not told before it was seen (DT-*)."""
    drafts = [a_story(n, published=NOW - timedelta(hours=5 * n)) for n in range(1, 71)]
    drafts.append(a_story(99, published=NOW + timedelta(days=99)))
    with a_library(tmp_path, *drafts) as store:
        async with browsing(store) as client:
            seen, path = [], "/"
            while path:
                got = await client.get(path)
                assert len(got.content) < MOST_BYTES
                seen += titles(got)
                older = re.search(r'href="(\?before=[0-9-]+)"', got.text)
                path = f"/{older[1]}" if older else ""
            assert seen == ["Story 99", *(f"Story {n}" for n in range(1, 71))]
            front = await client.get("/")
            assert "<strong>Today</strong>" in front.text
            assert "<strong>Yesterday</strong>" in front.text
            assert (await client.get("/", headers={"If-None-Match": front.headers["etag"]})).status_code == 304


async def test_a_place_that_is_none_is_404(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for before in ("x", "1-", "-", "1-2-3", "9" * 40 + "-1", "1-²", "1' OR 1=1--"):
                assert (await client.get("/", params={"before": before})).status_code == 404, before


async def test_stories_are_sorted_by_topic_name_source_and_language(tmp_path: Path) -> None:
    one = a_story(1, topics=("news", "a/b"), entities=("Ann / Harbour",), lang="en")
    two = a_story(2, topics=("sport",), lang="zh-Hans")
    with a_library(tmp_path, one, two) as store:
        poll(store, GAZETTE, a_digest(one), NOW + timedelta(hours=1))
        index(store)
        async with browsing(store) as client:
            found = {
                path: titles(await client.get(path))
                for path in (*PAGES[1:5], "/topic/a%2Fb", "/topic/sport", "/language/zh", "/source/2")
            }
            assert found == {
                "/topic/news": ["Story 1"],
                "/entity/Ann%20%2F%20Harbour": ["Story 1"],
                "/source/1": ["Story 2", "Story 1"],
                "/language/en": ["Story 1"],
                "/topic/a%2Fb": ["Story 1"],
                "/topic/sport": ["Story 2"],
                "/language/zh": ["Story 2"],
                "/source/2": ["Story 1"],
            }
            for path in ("/topic/nothing", "/source/99", "/source/x", "/source/" + "9" * 30, "/language/xx"):
                assert (await client.get(path)).status_code == 404, path
            assert "in 2 feeds" in (await client.get("/")).text


@pytest.mark.parametrize("path", [*PAGES, "/search", "/search?q=harbour", "/news/story-1", "/news/story-1/history"])
async def test_every_page_is_small_whole_and_of_this_site_alone(tmp_path: Path, path: str) -> None:
    """No inline script or style, nothing from elsewhere, a language, a title, one main heading, a way to skip."""
    body = "Harbour *news*. ![p](https://elsewhere.example/p.png)\n\n" + "many words of it " * 400
    story = a_story(1, title="At the harbour", body=body, topics=("news",), entities=("Ann / Harbour",))
    with a_library(tmp_path, story, *(a_story(n) for n in range(2, 40))) as store:
        async with browsing(store) as client:
            got = await client.get(path.replace("story-1", "at-the-harbour"))
            assert got.status_code == 200
            assert len(got.content) < MOST_BYTES
            assert got.text.startswith("<!doctype html>\n<html lang=")
            assert len(re.findall("<h1", got.text)) == 1
            assert 'class="skip" href="#main"' in got.text
            assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script>|<img|<iframe", got.text)
            assert all(source.startswith("/static/") for source in re.findall(r'\ssrc="([^"]*)"', got.text))
            for link in re.findall(r'<link rel="(?:stylesheet|icon)" href="([^"]*)"', got.text):
                static = await client.get(link)
                assert "immutable" in static.headers["cache-control"]


async def test_what_a_feed_says_is_text_wherever_it_shows(tmp_path: Path) -> None:
    """XS-19, XS-20: titles, topics, names, sources and what was searched for."""
    story = a_story(1, title=f"T {HOSTILE}", topics=(HOSTILE,), entities=(HOSTILE,), body=f"B {HOSTILE}")
    with a_library(tmp_path, story) as store:
        async with browsing(store) as client:
            slug = re.findall(r'href="(/news/[^"]+)"', (await client.get("/")).text)[0]
            for path in ("/", "/topics", slug, f"{slug}/history", "/feeds", "/source/1"):
                text = (await client.get(path)).text
                assert "<script>alert" not in text, path
                assert "<b>" not in text, path
            found = await client.get("/search", params={"q": f"title:t {HOSTILE}"})
            assert "<script>alert" not in found.text


async def test_the_search_marks_what_it_found_and_offers_to_narrow_it(tmp_path: Path) -> None:
    stories = [a_story(n, title=f"Ferry {n}", topics=(f"t{n % 2}", "news")) for n in range(1, 25)]
    stories.append(
        a_story(50, title="Bread", body="x " * 300 + "the [fèrry](https://x.example/ferry) <b> left " + "y " * 300)
    )
    with a_library(tmp_path, *stories) as store:
        async with browsing(store) as client:
            got = await client.get("/search", params={"q": "ferr*"})
            assert "25 stories" in got.text
            assert "<mark>Ferry</mark>" in got.text
            assert 'href="?q=ferr%2A+topic%3At1"' in got.text
            beyond = (await client.get("/search?q=ferr*&page=9")).text
            assert 'fewer pages than that. <a href="?q=ferr%2A&amp;page=2">' in beyond
            assert "No story" not in beyond
            assert "Next page" in got.text
            second = await client.get("/search?q=ferr*&page=2")
            assert "Next page" not in second.text
            assert "Previous page" in second.text
            assert len(titles(got)) + len(titles(second)) == 25
            bread = await client.get("/search?q=left")
            assert "&lt;b&gt; <mark>left</mark>" in bread.text
            assert "x.example" not in bread.text
            assert "No story has all of these words" in (await client.get("/search?q=unheard")).text


ODD = ['"', "AND", "(", "*", "-x", "nope:x", "NEAR(", "", "\x00", "a\x00b", "a OR", "^a", "{t}:a", "%", "'", "a" * 9999]


async def test_whatever_is_searched_for_is_answered(tmp_path: Path) -> None:
    """SQ-21."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for q in ODD:
                for page in ("1", "0", "x", "99999999999"):
                    assert (await client.get("/search", params={"q": q, "page": page})).status_code == 200, q


async def test_feeds_show_how_they_do(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            got = (await client.get("/feeds")).text
            assert re.findall(r'href="/source/\d">([^<]*)</a>', got) == ["herald.example/feed", "gazette.example/feed"]
            assert "Nothing new of late" in got  # what a first poll finds is a feed's past
            assert "Nothing yet" in got
            assert "<svg" not in got
            assert "not polled yet" in got
            assert (await client.get("/feeds?after=0")).text.count('class="card"') == 1
            assert (await client.get("/feeds?after=x")).status_code == 404
            assert HERALD not in got
        poll(store, HERALD, a_digest(a_story(2), a_story(3)), NOW + timedelta(hours=1))
        async with browsing(store) as client:
            assert "New stories a day in the last 14 days: 2 in all" in (await client.get("/feeds")).text
        async with browsing(store, now=NOW + timedelta(days=2)) as client:
            assert "polled late" in (await client.get("/feeds")).text
            assert "polled late" in (await client.get("/source/1")).text


async def test_a_site_below_a_path_links_below_it(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1, topics=("news",))) as store:
        async with browsing(store, base_url="https://news.example/wire") as client:
            for path in ("/", "/news/story-1", "/topics", "/feeds", "/search?q=story"):
                text = (await client.get(path)).text
                assert re.findall(r'(?:href|src|action)="(/(?!wire/)[^"]*)"', text) == [], path
