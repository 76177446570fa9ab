"""The page of clusters."""

from pathlib import Path

from tests.store.factory import NOW, a_digest, poll
from tests.web.making import GAZETTE, a_library, a_story, browsing

QUAKE, SHOCK = "Strong earthquake shakes coast of Sumatra", "Earthquake off Sumatra coast <kills> dozens"


async def test_stories_that_several_feeds_tell_have_a_page_and_a_link_to_it(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1, title=QUAKE), a_story(2)) as store:
        async with browsing(store) as client:
            assert "/stories" not in (await client.get("/")).text  # nobody looks for them
            page = await client.get("/stories")
            assert (page.status_code, "No event" in page.text) == (200, True)
        poll(store, GAZETTE, a_digest(a_story(3, title=SHOCK, slug="shock")), NOW)
        with store.work() as work:
            work.clusters.catch_up(NOW, limit=50)
        async with browsing(store, stories=True) as client:
            for path in ("/", "/about", "/feeds"):
                assert 'href="/stories"' in (await client.get(path)).text
            page = await client.get("/stories")
            assert "2 stories" in page.text
            assert 'href="/news/shock"' in page.text
            assert "<kills>" not in page.text


async def test_of_an_event_that_many_tell_of_the_latest_stories_are_listed(tmp_path: Path) -> None:
    told = [a_story(n, title=f"{QUAKE} {n}", slug=f"quake-{n}") for n in range(1, 7)]
    with a_library(tmp_path, *told[:1], a_story(50), a_story(51)) as store:
        poll(store, GAZETTE, a_digest(*told[1:]), NOW)
        with store.work() as work:
            work.clusters.catch_up(NOW, limit=50)
        async with browsing(store, stories=True) as client:
            page = (await client.get("/stories")).text
            assert "6 stories" in page
            assert "and 2 before" in page
