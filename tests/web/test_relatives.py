"""What else a record's page leads to: the same text, and the same event."""

from dataclasses import replace
from pathlib import Path

from aggregator.enrich.minhash import signature
from aggregator.model import Draft
from tests.store.factory import NOW, a_digest, poll
from tests.stories import WORDS
from tests.web.making import GAZETTE, HERALD, LATER, a_library, a_story, browsing

QUAKE, SHOCK = "Strong earthquake shakes coast of Sumatra", "Earthquake off Sumatra coast <kills> dozens"


def copied(number: int, title: str) -> Draft:
    return replace(a_story(number, title=title, body=WORDS, slug=f"copy-{number}"), signature=signature(WORDS))


async def test_the_same_text_elsewhere_is_one_click_away(tmp_path: Path) -> None:
    """A page that was shown before knows of a copy that comes later, and of one that changes or goes."""
    with a_library(tmp_path, copied(1, "The ferry"), a_story(2)) as store:
        async with browsing(store) as client:
            before = await client.get("/news/copy-1")
            assert "The same text elsewhere" not in before.text
            poll(store, GAZETTE, a_digest(copied(3, "A <b>ferry</b>")), LATER)
            page = await client.get("/news/copy-1")
            assert "The same text elsewhere" in page.text
            assert '<a dir="auto" lang="en" href="/news/copy-3">A &lt;b&gt;ferry&lt;/b&gt;</a>' in page.text
            assert "gazette.example" in page.text
            assert "Also told by" not in page.text
            assert page.headers["last-modified"] > before.headers["last-modified"]
            assert 'href="/news/copy-1"' in (await client.get("/news/copy-3")).text
            poll(store, GAZETTE, a_digest(copied(3, "Another ferry")), LATER)
            assert "Another ferry" in (await client.get("/news/copy-1")).text


async def test_what_else_tells_of_the_event_is_named_with_its_source(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1, title=QUAKE, slug="quake"), a_story(2)) as store:
        poll(store, GAZETTE, a_digest(a_story(3, title=SHOCK, slug="shock")), NOW)
        poll(store, HERALD, a_digest(a_story(1, title=QUAKE, slug="quake"), a_story(2)), NOW)
        with store.work() as work:
            work.clusters.catch_up(NOW, limit=50)
        async with browsing(store) as client:
            page = await client.get("/news/quake")
            assert "Also told by" in page.text
            assert 'href="/news/shock"' in page.text
            assert "<kills>" not in page.text
            assert "The same text elsewhere" not in page.text
