"""Gaps filled from the pages that a feed links to."""

import pytest

from aggregator.digest.archive import with_archive
from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest, Failed, Fetched, FetchResult, Unreadable
from tests.digest.test_pipeline import NOW, window

SITE = "https://x.example"


def page(*entries: str, older: str | None = None) -> bytes:
    """Return an Atom document of entries with these ids, continued at ``older``."""
    link = f"<link rel='prev-archive' href='{older}'/>" if older else ""
    items = "".join(
        f"<entry><id>{name}</id><title>{name[:1]}</title><link href='/{name}'/></entry>" for name in entries
    )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>X</title>{link}{items}</feed>".encode()


class Pages:
    """A site's pages, and which of them were asked for."""

    def __init__(self, pages: dict[str, bytes]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def ask(self, url: str) -> FetchResult:
        """Answer as a server does."""
        self.asked.append(url)
        body = self.pages.get(url)
        if body is None:
            return Failed(kind="status", message="HTTP 404", url=url, status=404)
        return a_document(url, body)

    async def fill(self, first: bytes, *known: str) -> Digest:
        """Digest a document that took the place of one with the known entries, and fill the gap."""
        before = await read(job(page(*known)))
        now_known = window(before)
        after = job(first, now_known)
        return await with_archive(await read(after), after, self.ask, digest_here)


def job(body: bytes, known: dict[bytes, bytes] | None = None) -> DigestJob:
    """Return the job of reading a document of the site."""
    return DigestJob(
        feed_url=f"{SITE}/feed",
        url=f"{SITE}/feed",
        body=body,
        content_type=None,
        now=NOW,
        known=known or {},
        link_identity=False,
        enabled=frozenset(),
    )


def a_document(url: str, body: bytes) -> Fetched:
    """Return a 200."""
    return Fetched(
        url=url, permanent_url=None, status=200, body=body, headers={}, validators=None, retry_after=None, wire_bytes=1
    )


async def digest_here(work: DigestJob) -> Digest | Unreadable:
    """Digest without a worker."""
    return digest(work)


async def read(work: DigestJob) -> Digest:
    """Return a digest that must be one."""
    result = await digest_here(work)
    assert isinstance(result, Digest)
    return result


def names(result: Digest) -> list[str | None]:
    """Return the ids of new entries."""
    return [draft.identity.guid for draft in result.drafts]


async def test_pages_are_read_back_to_an_entry_that_is_known() -> None:
    """PG-02, PG-03: and no further; of two versions of an entry the newer document's counts."""
    pages = Pages(
        {f"{SITE}/1": page("i8", "h7", older="/2"), f"{SITE}/2": page("g6", "b2", older="/3"), f"{SITE}/3": page("a1")}
    )
    result = await pages.fill(page("j9", "i8", older="/1"), "c3", "b2")
    assert names(result) == ["j9", "i8", "h7", "g6"]
    assert (result.filled, result.healed) == (2, True)
    assert pages.asked == [f"{SITE}/1", f"{SITE}/2"]


async def test_what_cannot_be_had_leaves_the_rest() -> None:
    """PG-02: a page that is missing, or no feed, ends it."""
    pages = Pages({f"{SITE}/1": page("h7", older="/2"), f"{SITE}/2": b"<html>moved</html>"})
    result = await pages.fill(page("j9", older="/1"), "b2")
    assert (names(result), result.filled, result.healed) == (["j9", "h7"], 1, False)
    assert names(await Pages({}).fill(page("j9", older="/1"), "b2")) == ["j9"]


@pytest.mark.parametrize("older", ["https://evil.example/1", "http://127.0.0.1/", "https://x.example:8080/1"])
async def test_other_sites_are_not_asked(older: str) -> None:
    """PG-04."""
    pages = Pages({older: page("h7")})
    await pages.fill(page("j9", older=older), "b2")
    assert pages.asked == []


async def test_a_page_that_leads_to_another_site_is_not_read() -> None:
    """PG-04: by a redirect."""
    pages = Pages({})

    async def ask(url: str) -> FetchResult:
        return a_document("https://evil.example/1", page("evil"))

    pages.ask = ask  # type: ignore[method-assign]
    assert names(await pages.fill(page("j9", older="/1"), "b2")) == ["j9"]


async def test_a_loop_of_pages_ends() -> None:
    """PG-02: the feed itself, or a page that was read."""
    pages = Pages({f"{SITE}/1": page("h7", older="/2"), f"{SITE}/2": page("g6", older="/1")})
    assert names(await pages.fill(page("j9", older="/1"), "b2")) == ["j9", "h7", "g6"]
    assert len(pages.asked) == 2
    itself = Pages({})
    await itself.fill(page("j9", older="/feed"), "b2")
    assert itself.asked == []


async def test_an_archive_without_end_is_cut() -> None:
    """PG-02: fifty pages."""
    pages = Pages({f"{SITE}/{n}": page(f"p{n}", older=f"/{n + 1}") for n in range(1, 200)})
    result = await pages.fill(page("j9", older="/1"), "b2")
    assert (len(pages.asked), result.filled) == (50, 50)


async def test_without_a_link_nothing_is_guessed() -> None:
    """PG-05."""
    pages = Pages({f"{SITE}/feed?paged=2": page("h7")})
    assert names(await pages.fill(page("j9"), "b2")) == ["j9"]
    assert pages.asked == []
