"""A site with a few stories, served on loopback."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from aggregator.model import Draft
from aggregator.settings import Settings
from aggregator.settings.models import EnrichSettings, SiteSettings, WebSettings
from aggregator.store.contract import Store
from aggregator.store.writer import Writer
from aggregator.web.serving import serving
from aggregator.web.writing import writing
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

HERALD, GAZETTE = "https://user:secret@herald.example/feed", "https://gazette.example/feed"
BASE = "https://news.example"
LATER = NOW + timedelta(minutes=10)
OPEN = WebSettings(listen="127.0.0.1:0")


def a_story(
    number: int, *, title: str = "", body: str = "It *happened*.", published: datetime | None = None, **more: object
) -> Draft:
    """Return a draft; each number is a story of its own."""
    draft = a_draft(f"site.example/{number}", title=title or f"Story {number}", body=body)
    return replace(draft, published_at=published, summary=f"What story {number} is about.", **more)  # type: ignore[arg-type]


@contextmanager
def a_library(folder: Path, *drafts: Draft) -> Iterator[Store]:
    """Offer a store with the stories, all of one feed and indexed."""
    with a_store(folder, HERALD, GAZETTE) as store:
        poll(store, HERALD, a_digest(*drafts), NOW)
        index(store)
        yield store


def index(store: Store) -> None:
    """Let the index catch up."""
    more = 1
    while more:
        with store.work() as work:
            more = work.indexing.catch_up(limit=100)


@asynccontextmanager
async def browsing(
    store: Store,
    *,
    base_url: str = BASE,
    now: datetime = LATER,
    web: WebSettings = OPEN,
    write: tuple[Writer, Settings] | None = None,
    stories: bool = False,
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the store; offer a client that follows no redirects."""
    settings = Settings(site=SiteSettings(base_url=base_url), web=web, enrich=EnrichSettings(stories=stories))
    changing = write and writing(*write, {})
    async with (
        serving(settings, store, lambda: now, changing) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        yield client
