"""A story at its address: forms, negotiation, validators, and what became of it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Keep
from tests.publish.forms import GOLDEN, RECORD
from tests.store.factory import NOW, a_digest, a_draft, poll
from tests.web.making import GAZETTE, HERALD, a_library, a_story, browsing

FORMS = {
    "": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".jsonld": "application/ld+json",
    ".json": "application/json",
}
AGED = timedelta(days=40)


@pytest.mark.parametrize("ending", FORMS)
async def test_a_story_is_there_in_every_form_with_validators(tmp_path: Path, ending: str) -> None:
    """And a program that has it is answered by 304, by either validator; HEAD is GET without its body."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            got = await client.get(f"/news/story-1{ending}")
            assert (got.status_code, got.headers["content-type"]) == (200, FORMS[ending])
            assert "Story 1" in got.text
            tag, modified = got.headers["etag"], got.headers["last-modified"]
            for condition in ({"If-None-Match": f'"x", W/{tag}'}, {"If-Modified-Since": modified}):
                again = await client.get(f"/news/story-1{ending}", headers=condition)
                assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
            # A tag that does not match outweighs a date that does (RFC 9110, 13.2.2).
            other = {"If-None-Match": '"x"', "If-Modified-Since": modified}
            assert (await client.get(f"/news/story-1{ending}", headers=other)).status_code == 200
            head = await client.head(f"/news/story-1{ending}")
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-length"] == got.headers["content-length"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/markdown", "text/markdown"),
        ("text/*;q=0.5, application/ld+json", "application/ld+json"),
        ("application/json;q=0.9, text/plain;q=0.8", "application/json"),
        ("text/html;q=0, text/plain;q=0.1", "text/plain"),
        ("image/png", "text/html"),
        ("text/markdown;q=x, application/json", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
    ],
)
async def test_the_bare_address_answers_in_the_form_that_is_asked_for(tmp_path: Path, accept: str, media: str) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            got = await client.get("/news/story-1", headers={"Accept": accept})
            assert got.headers["content-type"].startswith(media)
            assert got.headers["vary"] == "accept"
            assert "vary" not in (await client.get("/news/story-1.md")).headers


async def test_the_forms_are_those_of_the_golden_files(tmp_path: Path) -> None:
    """A record that was stored and served is byte for byte what was agreed on."""
    draft = replace(
        a_draft("herald.example/2026/ferry"),
        **{name: getattr(RECORD, name) for name in ("slug", "title", "summary", "body_md", "published_at", "lang")},
        topics=RECORD.topics,
        entities=RECORD.entities,
    )
    draft = replace(draft, identity=replace(draft.identity, canonical_source=RECORD.canonical_source))
    with a_library(tmp_path, draft) as store:
        async with browsing(store) as client:
            for ending in (".md", ".txt", ".jsonld", ".json"):
                got = (await client.get(f"/news/{RECORD.slug}{ending}")).text
                stamps = {"2026-06-24 22:14:12.589629+00:00": "2026-03-02 07:41:12.589629+00:00"}
                stamps |= {key.replace(" ", "T"): value.replace(" ", "T") for key, value in stamps.items()}
                for ours, theirs in stamps.items():
                    got = got.replace(ours, theirs)
                assert got == (GOLDEN / f"record{ending}").read_text()
            assert (GOLDEN / "body.html").read_text() in (await client.get(f"/news/{RECORD.slug}")).text


async def test_headers_and_tags_name_the_other_forms_and_the_source(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            got = await client.get("/news/story-1")
            url = "https://news.example/news/story-1"
            for ending, media in FORMS.items():
                link = f'<{url}{ending}>; rel="alternate"; type="{media.partition(";")[0]}"'
                assert link in got.headers["link"]
                assert not ending or f'href="{url}{ending}"' in got.text
            assert '<https://site.example/1>; rel="canonical"' in got.headers["link"]
            assert '<link rel="canonical" href="https://site.example/1">' in got.text


async def test_an_address_that_no_header_can_hold_is_escaped_in_it(tmp_path: Path) -> None:
    """OI-*: a source is what a feed says."""
    story = a_story(1)
    source = 'https://site.example/é?a="b>; rel=x'
    story = replace(story, identity=replace(story.identity, canonical_source=source))
    with a_library(tmp_path, story) as store:
        async with browsing(store) as client:
            link = (await client.get("/news/story-1")).headers["link"]
            assert '<https://site.example/%C3%A9?a=%22b%3E;%20rel=x>; rel="canonical"' in link


async def test_a_changed_story_has_another_tag_and_a_history(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1, body="The boat is **late**.")) as store:
        async with browsing(store) as client:
            before = await client.get("/news/story-1")
            poll(store, HERALD, a_digest(a_story(1, body="The boat is early & <b>fast</b>.")), NOW + timedelta(hours=1))
            after = await client.get("/news/story-1")
            assert before.headers["etag"] != after.headers["etag"]
            assert "changed 24 June 2026, 23:14 UTC" in after.text
            history = (await client.get("/news/story-1/history")).text
            assert "The boat is <del>late</del>" in history
            assert "&lt;b&gt;fast" in history
            assert "<b>fast" not in history


async def test_another_feed_that_carries_the_story_shows_on_its_page(tmp_path: Path) -> None:
    """Without a new revision; the page that was kept is not shown any more. No credentials are, either."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            before = await client.get("/news/story-1")
            poll(store, GAZETTE, a_digest(a_story(1)), NOW + timedelta(hours=1))
            after = await client.get("/news/story-1")
            assert "Seen in 2 feeds" in after.text
            assert "Seen in 2 feeds" not in before.text
            assert "secret" not in after.text + (await client.get("/feeds")).text


async def test_a_story_that_is_kept_is_not_shown_for_a_store_that_cannot_be_read(tmp_path: Path) -> None:
    """SQ-10: it is a break, and over as soon as the store is there again."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            before = await client.get("/news/story-1")
            file = tmp_path / "store.sqlite"
            file.rename(tmp_path / "elsewhere")
            assert (await client.get("/news/story-1")).status_code == 503
            (tmp_path / "elsewhere").rename(file)
            assert (await client.get("/news/story-1")).content == before.content


async def test_a_slug_that_never_was_is_404_and_an_ending_too(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            for path in ("/news/nothing", "/news/story-1.exe", "/news/nothing/history", "/news/", "/nowhere"):
                got = await client.get(path)
                assert (got.status_code, "There is nothing here" in got.text) == (404, True), path


async def test_a_story_that_was_not_kept_is_410(tmp_path: Path) -> None:
    """In every form; and so is its history."""
    keep: Keep = timedelta(days=30)
    with a_library(tmp_path, a_story(1)) as store:
        poll(store, HERALD, a_digest(a_story(2)), NOW + AGED)
        with store.work() as work:
            assert work.retention.prune(keep, NOW + AGED, waits_for=(), limit=10) == 1
        async with browsing(store) as client:
            for path in ("/news/story-1", "/news/story-1.json", "/news/story-1/history"):
                assert (await client.get(path)).status_code == 410


async def test_a_story_that_was_merged_is_301_to_the_other_in_the_same_form(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1), a_story(2)) as store:
        with store.work() as work:
            work.browsing._sql.execute("UPDATE records SET merged_into=2 WHERE id=1")  # type: ignore[attr-defined]
        async with browsing(store, base_url="https://news.example/wire") as client:
            for ending in ("", ".md", "/history"):
                got = await client.get(f"/news/story-1{ending}")
                assert (got.status_code, got.headers["location"]) == (301, f"/wire/news/story-2{ending}")


async def test_a_story_that_its_feed_took_back_is_410_and_says_when(tmp_path: Path) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        with store.work() as work:
            work.browsing._sql.execute(  # type: ignore[attr-defined]
                "UPDATE records SET retracted_at='2026-06-25 10:00:00.000000+00:00' WHERE id=1"
            )
        async with browsing(store) as client:
            got = await client.get("/news/story-1")
            assert got.status_code == 410
            assert "took it back on" in got.text
            assert "Story 1" not in (await client.get("/")).text
