"""URL in, document out. Whatever a server or a network does is a value with a kind; only bugs are exceptions."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from aggregator.fetch.answer import Head, read_head
from aggregator.fetch.budget import OriginBudget
from aggregator.fetch.conditional import conditional_headers, given_validators, renewed_validators
from aggregator.fetch.decoding import Body
from aggregator.fetch.guard import Guard
from aggregator.fetch.policy import FetchPolicy, FetchRequest
from aggregator.fetch.route import Route
from aggregator.fetch.shape import request_headers
from aggregator.fetch.signals import signal_of
from aggregator.fetch.target import shown
from aggregator.fetch.transport import GuardedTransport
from aggregator.fetch.trouble import EXPECTED, BlockedError, Trouble, failure
from aggregator.model import Failed, Fetched, FetchResult, NotModified, RequestOptions, Validators
from aggregator.url.origin import host_origin

_LARGE = 1_000_000  # bytes held of a body, from which on it is large …
_LARGE_BODIES = 8  # … and how many of those are read at a time


class Fetcher:
    """Gets documents under one policy. An async context manager: leaving it drops every connection."""

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        now: Callable[[], datetime],
        transport: httpx.AsyncBaseTransport | None = None,
        budget: OriginBudget | None = None,
        origin_of: Callable[[str], str] = host_origin,
        lead: Callable[[str], Awaitable[None]] | None = None,
    ) -> None:
        """``now`` dates answers that carry no Date; ``transport`` stands in for the network.

        ``budget`` is told of every answer, and asked where a redirect leads to another origin, as ``origin_of`` names
        them, unless ``lead`` is; the first request's place in it is the caller's to hold.
        """
        self._policy = policy
        self._now = now
        self._transport = transport or GuardedTransport(
            Guard(opened=policy.allow_networks, ports=policy.configured_ports)
        )
        self._budget = budget
        self._lead = lead or (None if budget is None else budget.hop)
        self._origin_of = origin_of
        self._large = asyncio.Semaphore(_LARGE_BODIES)

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, traceback)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return what became of one exchange with all its redirects, within the policy's timeout.

        Raises ``OriginPausedError`` where a redirect leads to an origin that may not be asked soon; only with a budget.
        """
        try:
            async with asyncio.timeout(self._policy.timeout.total_seconds()) as deadline:
                return await self._follow(request, deadline)
        except TimeoutError:
            seconds = self._policy.timeout.total_seconds()
            return Failed(kind="timeout", message=f"not done within {seconds:g} s", url=shown(request.url))
        except EXPECTED as error:
            return failure(error, shown(request.url))

    async def _follow(self, request: FetchRequest, deadline: asyncio.Timeout) -> FetchResult:
        route = Route(
            request.url, allow_downgrade=self._policy.allow_downgrade, options=request.options, home=request.home
        )
        origin = first = request.origin or self._origin_of(request.url)
        address: str | None = None
        while True:
            url, started = route.here.url, self._now()
            conditions = conditional_headers(request.validators, url)
            try:
                response = await self._ask(route, request.options, conditions)
            except EXPECTED as error:
                return replace(failure(error, url), address=address)
            if len(route.seen) == 1:
                address = response.extensions.get("address")
            head = read_head(response, now=self._now())
            if self._budget is not None:
                self._budget.heard(origin, signal_of(head, started=started, at=self._now()))
            try:
                result = await self._answered(response, head, route, request.validators if conditions else None)
            except EXPECTED as error:
                result = replace(failure(error, url), status=head.status, retry_after=head.retry_after)
            finally:
                await response.aclose()
            if result is not None:
                return replace(result, address=address)
            there = first if route.is_start else self._origin_of(route.here.url)
            await self._hop(origin, there, deadline)
            origin = there

    async def _hop(self, here: str, there: str, deadline: asyncio.Timeout) -> None:
        """Wait until a redirect may lead to the origin ``there``. That is not the exchange's time."""
        if self._budget is not None and here == there:
            self._budget.follow(there)
        elif self._lead is not None:
            loop = asyncio.get_running_loop()
            left = (deadline.when() or 0.0) - loop.time()
            deadline.reschedule(None)
            await self._lead(there)
            deadline.reschedule(loop.time() + left)

    async def _ask(
        self, route: Route, options: RequestOptions, conditions: Sequence[tuple[bytes, bytes]]
    ) -> httpx.Response:
        try:
            # httpx would rewrite the path; the target extension is what reaches the wire
            url = httpx.URL(route.here.url)
        except httpx.InvalidURL as error:
            raise BlockedError from error
        headers = request_headers(self._policy, route, options, conditions)
        extensions = {"target": route.here.path.encode("ascii"), "proxy": options.proxy or self._policy.proxy}
        return await self._transport.handle_async_request(
            httpx.Request("GET", url, headers=headers, extensions=extensions)
        )

    async def _answered(
        self, response: httpx.Response, head: Head, route: Route, asked_with: Validators | None
    ) -> FetchResult | None:
        """Return the result, or None where the route goes on."""
        if head.is_redirect:
            route.follow(head.status, head.fields.get("location", ""))
            return None
        if head.is_unchanged:
            return _not_modified(response, head, route, asked_with)
        if not head.is_success:
            raise Trouble("status", head.refusal)
        return await self._fetched(response, head, route)

    async def _fetched(self, response: httpx.Response, head: Head, route: Route) -> Fetched:
        if head.announced_size > self._policy.max_size:
            raise Trouble("too-large", f"body of {head.announced_size} bytes announced")  # HX-12
        body = Body(head.codings, max_size=self._policy.max_size, max_decoded=self._policy.max_decoded)
        document = await self._received(response, body)
        if not document or document.isspace():
            raise Trouble("empty", f"{head.title} with an empty body")  # ST-31
        return Fetched(
            url=route.here.url,
            permanent_url=route.permanent_url,
            status=head.status,
            body=document,
            headers=head.fields,
            validators=given_validators(response.headers, route.here.url),
            retry_after=head.retry_after,
            wire_bytes=body.wire_bytes,
        )

    async def _received(self, response: httpx.Response, body: Body) -> bytes:
        """Return the whole body. Only a few large ones are read at a time, so that memory has a bound."""
        assert isinstance(response.stream, httpx.AsyncByteStream)
        async with AsyncExitStack() as places:
            is_large = False
            async for piece in response.stream:
                if not is_large and body.held_bytes > _LARGE:
                    is_large = True
                    await places.enter_async_context(self._large)
                body.feed(piece)
            return body.finish()


def _not_modified(response: httpx.Response, head: Head, route: Route, asked_with: Validators | None) -> NotModified:
    if asked_with is None:
        # CR-15: nothing was known that could be unchanged
        raise Trouble("protocol" if head.status == 304 else "empty", f"{head.title} to an unconditional request")
    return NotModified(
        url=route.here.url,
        permanent_url=route.permanent_url,
        headers=head.fields,
        validators=renewed_validators(asked_with, response.headers),
        retry_after=head.retry_after,
    )
