"""``python -m bench.screenshots FOLDER [PAGE …]``: every page of the site as a phone and a desktop show it.

To be looked at. The stories are those of real feeds (``bench/real_library.py``).
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, FloatRect

from aggregator.model import Record
from aggregator.store.browsing import Shelf
from aggregator.store.contract import Store, Work
from bench.real_library import GONE, a_real_library
from tests.normalize.browser import chromium
from tests.store.factory import NOW
from tests.web.browser.serving import served

_WIDTHS = {"phone": 390, "desktop": 1280}
_TALLEST = {"phone": 2600, "desktop": 1900}  # pixels that are drawn
_SCHEMES = ("light", "dark")
_STORIES: dict[str, Callable[[Record], float]] = {  # the story that has most of it
    "long-title": lambda record: len(record.title),
    "table": lambda record: record.body_md.count("| --- |"),
    "code": lambda record: record.body_md.count("\n```"),
    "pictures": lambda record: record.body_md.count("!["),
    "hebrew": lambda record: (record.lang or "").startswith("he") and len(record.body_md),
    "japanese": lambda record: (record.lang or "").startswith("ja") and len(record.body_md),
    "long": lambda record: len(record.body_md),
    "short": lambda record: -len(record.body_md),
    "changed": lambda record: (
        record.title.startswith("Updated") and record.lang == "en" and record.body_md.count(" that ")
    ),
    "headings": lambda record: record.body_md.count("\n## ") + record.body_md.count("\n> "),
}


def main() -> None:
    """Draw them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    options.add_argument("pages", nargs="*")
    given = options.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as temporary,
        a_real_library(Path(temporary)) as store,
        served(store, lambda: NOW) as address,
        chromium() as browser,
    ):
        for name, path in _pages(store).items():
            if not given.pages or name in given.pages:
                print(name, path)
                _draw(browser, f"{address}{path}", given.folder, name)


def _draw(browser: Browser, url: str, folder: Path, name: str) -> None:
    for scheme in _SCHEMES:
        for device, width in _WIDTHS.items():
            page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 900})  # type: ignore[arg-type]
            page.goto(url)
            tall = min(page.evaluate("document.documentElement.scrollHeight"), _TALLEST[device])
            clip = FloatRect(x=0, y=0, width=width, height=tall)
            page.screenshot(path=folder / f"{name}-{device}-{scheme}.png", clip=clip, full_page=True)
            page.close()


def _pages(store: Store) -> dict[str, str]:
    with store.read() as work:
        stories = {f"story-{name}": f"/news/{slug}" for name, slug in _telling(work).items()}
        topics, names = work.browsing.labels("topic", limit=1), work.browsing.labels("entity", limit=1)
        sources = work.browsing.labels("source", limit=1)
        feeds = work.browsing.feeds(after=-1, limit=400, since=NOW)
        failing = next(card.source.id for card in feeds if card.reason)
    return {
        "front": "/",
        "topic": f"/topic/{topics[0].label}",
        "entity": f"/entity/{quote(names[0].label)}",
        "source": f"/source/{sources[0].label}",
        "source-failing": f"/source/{failing}",
        "language": "/language/he",
        "topics": "/topics",
        "search": "/search?q=the+time",
        "search-empty": "/search",
        "search-nothing": "/search?q=unheard+of+anywhere",
        "stories": "/stories",
        "feeds": "/feeds",
        "about": "/about",
        "missing": "/nothing-here",
        "gone": f"/news/{GONE}",
        "history": f"{stories['story-changed']}/history",
        **stories,
    }


def _telling(work: Work) -> dict[str, str]:
    places = [story.place for story in work.browsing.latest(Shelf(), before=None, limit=5000)]
    records = work.browsing.records(places)
    return {name: max(records, key=most).slug for name, most in _STORIES.items()}


if __name__ == "__main__":
    main()
