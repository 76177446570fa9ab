"""A message out, through the same guard as everything else that leaves this machine (SS-*)."""

import asyncio
import base64
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import httpx

from aggregator.fetch.answer import Head, read_head
from aggregator.fetch.guard import Guard
from aggregator.fetch.policy import FetchPolicy
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
        try:
            there = target(url)
        except ValueError as error:
            return Failed(kind="blocked", message=f"URL cannot be asked for: {error}", url=shown(url))
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                for _ in range(redirects):
                    head = await self._post(there, headers, body)
                    if head.status not in _KEPT_METHOD:
                        return _refusal(head, there)
                    there = _redirected(there, head)
                return _refusal(await self._post(there, headers, body), there)
        except TimeoutError:
            return Failed(kind="timeout", message=f"not done within {deadline.total_seconds():g} s", url=shown(url))
        except EXPECTED as error:
            return failure(error, shown(url))

    async def _post(self, there: Target, headers: Mapping[str, str], body: bytes) -> Head:
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
        await response.aclose()  # what it says beyond its head is nobody's business
        return read_head(response, now=self._now())


def _redirected(here: Target, head: Head) -> Target:
    try:
        there = redirected(here, head.fields.get("location", ""))
    except ValueError as error:
        raise Trouble("redirect", f"redirect to a place that cannot be asked: {error}") from error
    if here.authority.scheme == "https" and there.authority.scheme == "http":
        raise Trouble("redirect", "redirect from https to http")
    return there


def _refusal(head: Head, there: Target) -> Failed | None:
    if 200 <= head.status < 300:
        return None
    return Failed(kind="status", message=head.refusal, url=there.url, status=head.status, retry_after=head.retry_after)
