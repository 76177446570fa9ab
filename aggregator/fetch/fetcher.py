"""URL in, document out. Whatever a server or a network does is a value with a kind; only bugs are exceptions."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

import httpx

from aggregator.fetch.answer import Head, read_head
from aggregator.fetch.conditional import conditional_headers, given_validators, renewed_validators
from aggregator.fetch.decoding import ACCEPT_ENCODING, Body
from aggregator.fetch.guard import Guard
from aggregator.fetch.policy import FetchPolicy, FetchRequest
from aggregator.fetch.route import Route
from aggregator.fetch.target import shown
from aggregator.fetch.transport import GuardedTransport
from aggregator.fetch.trouble import EXPECTED, BlockedError, Trouble, failure
from aggregator.model import Failed, Fetched, FetchResult, NotModified, Validators

# Feed types first (HT-07); the last one for servers that label feeds as they please.
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


class Fetcher:
    """Gets documents under one policy. An async context manager: leaving it drops every connection."""

    def __init__(
        self, policy: FetchPolicy, *, now: Callable[[], datetime], transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """``now`` dates answers that carry no Date; ``transport`` stands in for the network."""
        self._policy = policy
        self._now = now
        self._transport = transport or GuardedTransport(
            Guard(opened=policy.allow_networks, ports=policy.configured_ports)
        )
        self._headers = [
            (b"User-Agent", policy.user_agent.encode("ascii")),
            (b"Accept", _ACCEPT.encode("ascii")),
            (b"Accept-Encoding", ACCEPT_ENCODING.encode("ascii")),
        ]

    async def __aenter__(self) -> Self:
        await self._transport.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.__aexit__(kind, error, traceback)

    async def fetch(self, request: FetchRequest) -> FetchResult:
        """Return what became of one exchange with all its redirects, within the policy's timeout."""
        try:
            async with asyncio.timeout(self._policy.timeout.total_seconds()):
                return await self._follow(request)
        except TimeoutError:
            seconds = self._policy.timeout.total_seconds()
            return Failed(kind="timeout", message=f"not done within {seconds:g} s", url=shown(request.url))
        except EXPECTED as error:
            return failure(error, shown(request.url))

    async def _follow(self, request: FetchRequest) -> FetchResult:
        route = Route(request.url, allow_downgrade=self._policy.allow_downgrade)
        while True:
            url = route.here.url
            conditions = conditional_headers(request.validators, url)
            try:
                response = await self._ask(route, conditions)
            except EXPECTED as error:
                return failure(error, url)
            head = read_head(response, now=self._now())
            try:
                result = await self._answered(response, head, route, request.validators if conditions else None)
            except EXPECTED as error:
                return replace(failure(error, url), status=head.status, retry_after=head.retry_after)
            finally:
                await response.aclose()
            if result is not None:
                return result

    async def _ask(self, route: Route, conditions: list[tuple[bytes, bytes]]) -> httpx.Response:
        here = route.here
        headers = [(b"Host", here.authority.netloc.encode("ascii")), *self._headers, *conditions]
        if route.authorization:
            headers.append((b"Authorization", route.authorization))
        try:
            # httpx would rewrite the path; the target extension is what reaches the wire
            url = httpx.URL(here.url)
        except httpx.InvalidURL as error:
            raise BlockedError from error
        extensions = {"target": here.path.encode("ascii")}
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
        assert isinstance(response.stream, httpx.AsyncByteStream)
        async for piece in response.stream:
            body.feed(piece)
        document = body.finish()
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
