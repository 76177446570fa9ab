"""Older entries from the documents that a feed says continue it, where some were missed (RFC 5005; PG-02…05)."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import replace

from aggregator.digest.job import DigestJob
from aggregator.model import Digest, Draft, Fetched, FetchResult, Unreadable
from aggregator.url.origin import origin

_MOST_PAGES = 50
_MOST_ENTRIES = 5_000


async def with_archive(
    read: Digest,
    job: DigestJob,
    ask: Callable[[str], Awaitable[FetchResult]],
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]],
) -> Digest:
    """Return the digest with the entries of its archive, back to one that was known, as far as that can be had.

    Page by page: on the same site only (PG-04), no page twice, 50 pages at most (PG-02). What goes wrong ends it, and
    what was read until then counts. A link that the feed does not give is not guessed (PG-05).
    """
    pages: list[Digest] = []
    seen = {job.url}
    url = read.older
    while url is not None and url not in seen and _same_site(url, job.url) and _has_room(pages):
        seen.add(url)
        document = await ask(url)
        if not isinstance(document, Fetched) or not _same_site(document.url, job.url):
            break
        page = await digest(
            replace(job, url=document.url, body=document.body, content_type=document.headers.get("content-type"))
        )
        if isinstance(page, Unreadable):
            break
        pages.append(page)
        url = None if page.met else page.older
    return _merged(read, pages, job.known.keys())


def _same_site(url: str, other: str) -> bool:
    try:
        return origin(url) == origin(other)
    except ValueError:
        return False


def _has_room(pages: Sequence[Digest]) -> bool:
    return len(pages) < _MOST_PAGES and sum(len(page.drafts) for page in pages) < _MOST_ENTRIES


def _merged(read: Digest, pages: Sequence[Digest], known: Collection[bytes]) -> Digest:
    """Add what the pages have and nobody had: of two entries with one id the newer document's counts (PG-03)."""
    drafts: dict[bytes, Draft] = {draft.identity.guid_hash: draft for draft in read.drafts}
    for page in pages:
        for draft in page.drafts:
            if draft.identity.guid_hash not in known:
                drafts.setdefault(draft.identity.guid_hash, draft)
    dates = sorted((date for each in (read, *pages) for date in each.dates), reverse=True)
    return replace(
        read,
        drafts=tuple(drafts.values()),
        dates=tuple(dates),
        filled=len(drafts) - len(read.drafts),
        chronological=False,  # what is missing here may be there
        healed=any(page.met for page in pages),
    )
