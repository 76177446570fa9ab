"""Reading a feed whose entries are to be made whole by their pages: ask for those that a digest names, digest again."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from aggregator.digest.job import DigestJob, PageJob
from aggregator.model import Digest, Failed, FeedConfig, Fetched, FetchResult, FullText, Missed, Page, Unreadable
from aggregator.settings.values import shown

MOST_PAGES = 20  # of one poll
_LARGEST = 3_000_000  # bytes, decoded
_TYPES = ("text/html", "application/xhtml+xml")
_TEMPORARY = frozenset({"dns", "connect", "tls", "timeout", "protocol", "decode"})
_REFUSALS = frozenset({429, 503})
_TEMPORARY_STATUS = frozenset({408, 425, 429, *range(500, 600)})
_LATER = Missed(reason="waits for the next poll", temporary=True, asked=False)

Ask = Callable[[str], Awaitable[FetchResult]]
Extract = Callable[[PageJob], Awaitable[Page | Missed | Unreadable]]

log = structlog.get_logger("aggregator.digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTools:
    """What reading pages works with, whatever the feed."""

    feeds: Mapping[str, FullText]  # by their configured URLs
    extract: Extract
    robots: Callable[[str, Ask], Awaitable[str]]  # of a URL: "allowed", "disallowed", "unknown"


def page_tools(
    feeds: Iterable[FeedConfig], extract: Extract, *, agent: str, clock: Callable[[], datetime]
) -> PageTools | None:
    """Return the tools for those of the feeds that want full text, None where none does."""
    wanting = {feed.url: feed.full_text for feed in feeds if feed.full_text is not None}
    if not wanting:
        return None
    from aggregator.fetch.robots import Robots  # noqa: PLC0415 - what reads robots.txt is of no use otherwise

    return PageTools(feeds=wanting, extract=extract, robots=Robots(agent=agent, clock=clock).verdict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Digests the documents of one poll."""

    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]]
    tools: PageTools
    ask: Ask  # for a page
    ask_rules: Ask  # for a robots.txt
    is_late: Callable[[], bool]  # whether the poll has taken long enough
    full_text: FullText

    async def __call__(self, job: DigestJob) -> Digest | Unreadable:
        """Digest a document, and where it names pages, once more with them.

        At most MOST_PAGES are asked for, one after the other, and no more once the server refuses one (ST-07); those
        for which there was no turn wait for the next poll.
        """
        read = await self.digest(replace(job, full_text=self.full_text))
        if isinstance(read, Unreadable) or not read.pages:
            return read
        pages = await self._pages(job.feed_url, read.pages)
        return await self.digest(replace(job, full_text=self.full_text, pages=pages))

    async def _pages(self, feed_url: str, urls: tuple[str, ...]) -> dict[str, Page | Missed]:
        pages: dict[str, Page | Missed] = dict.fromkeys(urls, _LATER)
        for url in urls[:MOST_PAGES]:
            if self.is_late():
                break
            pages[url] = page = await self._page(feed_url, url)
            if isinstance(page, Missed):
                log.info("page not read", feed=shown(feed_url), page=shown(url), reason=page.reason)
                if page.refused:
                    return {other: page if pages[other] is _LATER else pages[other] for other in urls}
        return pages

    async def _page(self, feed_url: str, url: str) -> Page | Missed:
        if missed := await self._forbidden(url):
            return missed
        answer = await self.ask(url)
        if not isinstance(answer, Fetched):
            return _missed(answer) if isinstance(answer, Failed) else Missed(reason="unchanged")
        if missed := _unusable(answer) or (await self._forbidden(answer.url) if answer.url != url else None):
            return missed
        job = PageJob(
            feed_url=feed_url,
            url=answer.url,
            asked=url,
            body=answer.body,
            content_type=answer.headers.get("content-type"),
            full_text=self.full_text,
        )
        page = await self.tools.extract(job)
        return Missed(reason=page.message) if isinstance(page, Unreadable) else page

    async def _forbidden(self, url: str) -> Missed | None:
        match await self.tools.robots(url, self.ask_rules):
            case "allowed":
                return None
            case "disallowed":
                return Missed(reason="disallowed by robots.txt")
        return Missed(reason="robots.txt cannot be read", temporary=True)


def _missed(answer: Failed) -> Missed:
    refused = answer.retry_after is not None or answer.status in _REFUSALS
    temporary = refused or answer.kind in _TEMPORARY or answer.status in _TEMPORARY_STATUS
    return Missed(reason=answer.message, temporary=temporary, refused=refused)


def _unusable(answer: Fetched) -> Missed | None:
    stated = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if stated and stated not in _TYPES:
        return Missed(reason=f"no HTML but {stated:.60}")
    return Missed(reason="larger than 3 MB") if len(answer.body) > _LARGEST else None
