"""Whatever a feed says, in every place where the site shows it: nothing runs, nothing leaves, nothing is refused."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, Dialog, Page

from aggregator.model import FeedConfig
from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import to_markdown
from aggregator.store.contract import Store
from aggregator.text.plain import one_line
from tests.normalize.browser import scripts_of_the_page
from tests.normalize.payloads import CASES, corpus
from tests.store.factory import NOW, a_digest, a_store, poll
from tests.web.browser.serving import served
from tests.web.making import GAZETTE, HERALD, a_story, index

_TOGETHER = 8  # payloads in the body of one story
_SOURCE = "https://site.example/"


def test_no_payload_runs_or_asks_for_anything_on_any_page(browser: Browser, tmp_path: Path) -> None:
    """XS-01…24, XS-26: as title, summary, body, label, name of a feed and query, and in what the site feeds others."""
    payloads = list(dict.fromkeys(payload for payload in (*CASES, *corpus()) if one_line(payload)))
    with a_hostile_library(tmp_path, payloads) as store, served(store, lambda: NOW) as address:
        page = browser.new_page()
        found = watched(page, address)
        for path in paths(page, address, payloads):
            before = len(found)
            page.goto(f"{address}{path}")
            assert page.url.startswith(f"{address}/"), path
            found[before:] = [
                f"{path}: {trouble}" for trouble in found[before:] if not _is_of_the_viewer(path, trouble)
            ]
        page.wait_for_timeout(100)  # for what a script would do a moment later
        page.close()
    assert found == []


def _is_of_the_viewer(path: str, trouble: str) -> bool:
    """Whether it is Chromium's own way to show XML that our policy forbids."""
    return bool(re.search(r"\.(atom|rss|xml)\b", path)) and trouble.startswith("Applying inline style")


def watched(page: Page, address: str) -> list[str]:
    """Return the list in which will stand whatever a page does that is not the site's own doing."""
    found: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        found.append(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismiss)
    page.on("popup", lambda popup: found.append(f"window {popup.url}"))
    page.on("request", lambda request: found.extend([request.url] if not request.url.startswith(f"{address}/") else []))
    page.on("console", lambda said: found.extend([said.text] if "Content Security Policy" in said.text else []))
    debugger = page.context.new_cdp_session(page)
    debugger.on(
        "Debugger.scriptParsed",
        lambda script: found.extend(
            [] if script["url"].startswith(f"{address}/static/") else scripts_of_the_page(script)
        ),
    )
    debugger.send("Debugger.enable")
    return found


@contextmanager
def a_hostile_library(folder: Path, payloads: list[str]) -> Iterator[Store]:
    """Offer a store: each payload is all that is short of one story, and a part of another one's body, twice."""
    short = [one_line(payload)[:300] for payload in payloads]
    drafts = [
        replace(
            a_story(number, title=said, body=payload, slug=f"s-{number}", topics=(said,), entities=(said,)),
            summary=said,
        )
        for number, (payload, said) in enumerate(zip(payloads, short, strict=True))
    ]
    bodies = iter(payloads)
    for number, group in enumerate(iter(lambda: list(islice(bodies, _TOGETHER)), [])):
        parts = [form for payload in group for form in (to_markdown(sanitise(payload, _SOURCE)), payload)]
        drafts.append(a_story(5000 + number, title=f"Bodies {number}", body="\n\n".join(parts), slug=f"b-{number}"))
    with a_store(folder, HERALD, GAZETTE) as store:
        with store.work() as work:
            named = [FeedConfig(url=f"https://feed-{number}.example/", name=said) for number, said in enumerate(short)]
            work.feeds.sync([FeedConfig(url=HERALD), *named], NOW)
        poll(store, HERALD, a_digest(*drafts), NOW - timedelta(hours=1))
        poll(store, "https://feed-0.example/", a_digest(*drafts[:50]), NOW - timedelta(hours=1))
        changed = [
            replace(draft, content_hash=b"2" * 16, entry_hash=b"2" * 16, title=f"{draft.title} 2")
            for draft in drafts[::100]
        ]
        poll(store, HERALD, a_digest(*changed), NOW)
        index(store)
        yield store


def paths(page: Page, address: str, payloads: list[str]) -> Iterator[str]:
    """Yield every kind of page; of lists all pages, and of stories all those that hold bodies."""
    for first in ("/", "/feeds"):
        path = first
        while path:
            yield path
            following = page.locator("nav.paging a[rel=next]")
            path = f"{first}{following.get_attribute('href')}" if following.count() else ""
    yield from ("/topics", "/stories", "/source/1", "/source/2", "/feed.atom", "/feed.rss", "/news-sitemap.xml")
    yield from (f"/news/b-{number}" for number in range(-(-len(payloads) // _TOGETHER)))
    for number in range(0, len(payloads), 100):
        said = quote(one_line(payloads[number])[:300], safe="")
        yield from (f"/news/s-{number}", f"/news/s-{number}.txt", f"/news/s-{number}/history", f"/search?q={said}")
        if not re.search(r"%2F|%5C|%00|\.\.", said) and said not in {".", ".."}:
            yield from (f"/topic/{said}", f"/entity/{said}", f"/feed/topic/{said}.atom", f"/feed/search.rss?q={said}")
