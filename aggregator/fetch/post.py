"""A message out, through the same guard as everything else that leaves this machine (SS-*)."""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import httpx

from aggregator.fetch.answer import Head, read_head
from aggregator.fetch.decoding import Body
from aggregator.fetch.guard import Guard
from aggregator.fetch.policy import MEGABYTE, FetchPolicy
from aggregator.fetch.target import Target, redirected, shown, target
from aggregator.fetch.transport import GuardedTransport
from aggregator.fetch.trouble import EXPECTED, Trouble, failure
from aggregator.model import Failed

_KEPT_METHOD = frozenset({307, 308})  # redirects after which a POST stays one (RFC 9110, section 15.4)


class Poster:
    """Sends messages under one policy. An async context manager: leaving it drops every connection."""

    def __init__(
        self, policy: FetchPolicy, *, now: Callable[[], datetime], transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        """``transport`` stands in for the network."""
        self._policy = policy
        self._now = now
        self._transport = transport or GuardedTransport(
            Guard(opened=policy.allow_networks, ports=policy.configured_ports)
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def post(
        self, url: str, headers: Mapping[str, str], body: bytes, *, deadline: timedelta, redirects: int = 0
    ) -> Failed | None:
        """Return why the message was not taken; None where it was: 2xx.

        307 and 308 are followed ``redirects`` times, but from https to http, which would tell everybody what is in it.
        ``deadline`` is for the whole exchange. Sent again on a new connection where a kept one turns out closed.
        """
        answer = await self._answer(url, headers, body, deadline, _nothing_of, redirects=redirects)
        return answer if isinstance(answer, Failed) else None

    async def ask(self, url: str, headers: Mapping[str, str], body: bytes, *, deadline: timedelta) -> bytes | Failed:
        """As ``post``, and return what is answered: a megabyte at most."""
        return await self._answer(url, headers, body, deadline, _body_of)

    async def _answer(
        self,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: timedelta,
        read: "_Read",
        *,
        redirects: int = 0,
    ) -> bytes | Failed:
        try:
            there = target(url)
        except ValueError as error:
            return Failed(kind="blocked", message=f"URL cannot be asked for: {error}", url=shown(url))
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                for _ in range(redirects):
                    answer, head = await self._exchange(there, headers, body, read)
                    if head.status not in _KEPT_METHOD:
                        return answer
                    there = _redirected(there, head)
                answer, _ = await self._exchange(there, headers, body, read)
                return answer
        except TimeoutError:
            return Failed(kind="timeout", message=f"not done within {deadline.total_seconds():g} s", url=shown(url))
        except EXPECTED as error:
            return failure(error, shown(url))

    async def _exchange(
        self, there: Target, headers: Mapping[str, str], body: bytes, read: "_Read"
    ) -> tuple[bytes | Failed, Head]:
        credentials = there.authority.credentials
        sent = {
            "Host": there.authority.netloc,
            "User-Agent": self._policy.user_agent,
            "Content-Length": str(len(body)),
            **({"Authorization": f"Basic {base64.b64encode(credentials).decode()}"} if credentials else {}),
            **headers,
        }
        extensions = {"target": there.path.encode("ascii"), "proxy": self._policy.proxy}
        request = httpx.Request("POST", there.url, headers=sent, content=body, extensions=extensions)
        response = await self._transport.handle_async_request(request)
        try:
            head = read_head(response, now=self._now())
            if 200 <= head.status < 300:
                return await read(response, head), head
        finally:
            await response.aclose()
        return Failed(
            kind="status", message=head.refusal, url=there.url, status=head.status, retry_after=head.retry_after
        ), head


def _redirected(here: Target, head: Head) -> Target:
    try:
        there = redirected(here, head.fields.get("location", ""))
    except ValueError as error:
        raise Trouble("redirect", f"redirect to a place that cannot be asked: {error}") from error
    if here.authority.scheme == "https" and there.authority.scheme == "http":
        raise Trouble("redirect", "redirect from https to http")
    return there


_Read = Callable[[httpx.Response, Head], Awaitable[bytes]]


async def _nothing_of(_response: httpx.Response, _head: Head) -> bytes:
    return b""  # what it says beyond its head is nobody's business


async def _body_of(response: httpx.Response, head: Head) -> bytes:
    assert isinstance(response.stream, httpx.AsyncByteStream)
    body = Body(head.codings, max_size=MEGABYTE, max_decoded=MEGABYTE)
    async for piece in response.stream:
        body.feed(piece)
    return body.finish()
