"""The network between us and the sites, at the seam where HTTP clients put it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

import httpx

from aggregator.fetch.trouble import UnresolvedError
from tests.soak.casting import Cast, Outage
from tests.soak.page import START, Page, Reply
from tests.soak.referee import Referee
from tests.soak.troubles import FOREVER, Trouble

_PIECE = 65_536  # bytes
_HOP = timedelta(minutes=1)  # a redirect is followed within
_CAUTION = timedelta(hours=2.75)  # the longest that a site is left alone which refused and named no time
_RETRY_AFTER = timedelta(seconds=60)  # of a site that is asked too often


class Internet(httpx.AsyncBaseTransport):
    """Carries requests to the sites of a cast, unless our own network is down."""

    def __init__(self, cast: Cast, referee: Referee, clock: Callable[[], datetime]) -> None:
        self._cast = cast
        self._referee = referee
        self._clock = clock
        self._pages = {url: page for page in cast.pages for url in (page.url, page.nearby, page.elsewhere)}
        self._led: dict[str, tuple[str, datetime]] = {}  # where a redirect leads -> the site that said so, and when
        self._heard_at = START
        self.closed: dict[str, list[tuple[datetime, datetime]]] = {}  # site -> when it is to be left alone, at most
        self.answered: dict[str, datetime] = {}  # URL -> when it last gave an answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See ``httpx.AsyncBaseTransport``."""
        url, site = str(request.url), request.url.host
        await self._cross(new=True)
        page, now = self._pages[url], self._clock()
        trouble = self._cast.trouble(page, now) if url == page.url else None
        if trouble is not None and trouble.nameless:
            raise UnresolvedError("host name not found", temporary=page.number % 2 == 0)
        leader, led_at = self._led.pop(url, (None, now))
        redirected = leader if now - led_at < _HOP else None
        refused = redirected != site and now - self._referee.last_asked(site) < self._cast.sites[site].patience
        self._referee.arrives(site, url, now, redirected=redirected)
        try:
            reply = self._reply(page, trouble, request, refused=refused)
            await self._wait(reply.before, url)
            if reply.fails is None:
                self._note(page, url, site, trouble, reply, refused=refused)
            else:
                self._pass_over(url)
        except BaseException:
            self._referee.leaves(site, redirected=redirected)
            raise
        left = partial(self._referee.leaves, site, redirected=redirected)
        if reply.fails is not None:
            left()
            raise reply.fails()
        body = _Body(reply, partial(self._wait, url=url), left)
        return httpx.Response(reply.status, headers=dict(reply.headers), stream=body, request=request)

    async def _cross(self, *, new: bool) -> None:
        """Pass our own network; raise, or wait for ever, where it is down. Without names what is connected stays so."""
        outage = self._cast.outage(self._clock())
        if outage is None or (outage.by == "names" and not new):
            return
        await _hindered(outage)

    async def _wait(self, seconds: float, url: str) -> None:
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            self._pass_over(url)
            raise
        try:
            await self._cross(new=False)
        except BaseException:
            self._referee.lost(url)
            raise

    def _pass_over(self, url: str) -> None:
        """Forget a request without an answer where nobody could know yet that an outage is over."""
        over = [each.until for each in self._cast.outages if each.until <= self._clock()]
        if over and self._heard_at < over[-1]:
            self._referee.lost(url)

    def _reply(self, page: Page, trouble: Trouble | None, request: httpx.Request, *, refused: bool) -> Reply:
        now = self._clock()
        if refused:
            return Reply(status=429, headers={"Retry-After": f"{_RETRY_AFTER.total_seconds():.0f}"})
        if trouble is not None:
            return trouble.answer(page, now)
        self._referee.skipped(page.url, now, page.manner.skips)
        return page.answer(request.headers, now)

    def _note(self, page: Page, url: str, site: str, trouble: Trouble | None, reply: Reply, *, refused: bool) -> None:
        now = self._clock()
        pause = _RETRY_AFTER if refused else trouble.pause if trouble else timedelta()
        asks = timedelta() if refused else trouble.asks if trouble else page.manner.asks
        self._referee.answered(site, url, now, asks=asks, pause=pause)
        self.answered[page.url] = now
        if reply.between < FOREVER:
            self._heard_at = now
        if "Location" in reply.headers:
            self._led[reply.headers["Location"]] = site, now
        if refused or reply.status in {429, 503}:
            self.closed.setdefault(site, []).append((now, now + (pause * 1.1 or _CAUTION)))


class _Body(httpx.AsyncByteStream):
    def __init__(self, reply: Reply, wait: Callable[[float], Awaitable[None]], left: Callable[[], None]) -> None:
        self._reply = reply
        self._wait = wait
        self._left: Callable[[], None] | None = left
        self._at = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        piece = self._reply.body[self._at : self._at + _PIECE]
        if not piece:
            raise StopAsyncIteration
        await self._wait(self._reply.between)
        self._at += _PIECE
        return piece

    async def aclose(self) -> None:
        if self._left is not None:
            self._left()
            self._left = None


async def _hindered(outage: Outage) -> None:
    match outage.by:
        case "names":
            raise UnresolvedError("name lookup failed for now", temporary=True)
        case "routes":
            raise httpx.ConnectError("network is unreachable")
        case "silence":
            await asyncio.sleep(FOREVER)
