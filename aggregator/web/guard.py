"""What holds for every answer, and for every request before a route sees it."""

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import structlog

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_PAGE_POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    b" base-uri 'none'; frame-ancestors 'none'"
)
# What is no page runs nothing, even where somebody opens it as one (XS-23).
_OTHER_POLICY = b"default-src 'none'; sandbox; frame-ancestors 'none'"
_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
_MISDIRECTED = 421

log = structlog.get_logger("aggregator.web")


class Guard:
    """An application inside of another: checks whom a request is for, and adds the headers of safety.

    ``Host`` has to be the site's own name, localhost, or an address: a stranger's name that leads here is an attack on
    whoever browses (DNS rebinding). HEAD is GET; the server leaves out the body.
    """

    def __init__(self, inside: Application, base_url: str) -> None:
        self._inside = inside
        self._names = {urlsplit(base_url).hostname, "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            return
        started = False

        async def guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_safety(message["status"], message.get("headers", ()))
            await send(message)

        if not self._is_ours(scope):
            await _refuse(guarded)
            return
        if scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}
        try:
            await self._inside(scope, receive, guarded)
        except Exception:  # a page that cannot be made must not end the daemon
            log.exception("a request failed by a bug", path=scope["path"][:200])
            if not started:
                raise

    def _is_ours(self, scope: Scope) -> bool:
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        return len(hosts) == 1 and self._is_name(hosts[0].decode("latin-1"))

    def _is_name(self, host: str) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            if name in self._names:
                return True
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _with_safety(status: int, headers: Any) -> list[tuple[bytes, bytes]]:
    kept = [(name.lower(), value) for name, value in headers]
    if status == HTTPStatus.NOT_MODIFIED:
        # What a browser has kept takes over the headers of a 304: it has the right policy already (RFC 9111, 4.3.4).
        return [*kept, *_ALWAYS]
    is_page = any(name == b"content-type" and value.startswith(b"text/html") for name, value in kept)
    policy = (b"content-security-policy", _PAGE_POLICY if is_page else _OTHER_POLICY)
    return [*kept, policy, *_ALWAYS]


async def _refuse(send: Send) -> None:
    body = b"This is not the site that you asked for: its name is the one in [site] base_url.\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": _MISDIRECTED, "headers": headers})
    await send({"type": "http.response.body", "body": body})
