"""What may be wrong with a feed, and what it should be called for it."""

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import httpx

from aggregator.fetch.trouble import TlsError
from aggregator.model import FeedState
from tests.soak.page import DAY, HOUR, Page, Reply

FOREVER = 1e9  # seconds
_HTML = b"<!doctype html><html><head><title>Welcome</title></head><body><p>Nothing to see here.</p></body></html>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing that goes wrong."""

    reply: Reply | Callable[[Page, datetime], Reply] = field(default_factory=Reply)
    nameless: bool = False  # nobody is asked
    state: FeedState = "failing"  # of a feed that has nothing else to say
    asks: timedelta = timedelta()  # how long the feed is to be left alone after it
    pause: timedelta = timedelta()  # how long the whole site is (Retry-After)
    lasting: bool = False  # it does not pass, or not within a simulation

    def answer(self, page: Page, now: datetime) -> Reply:
        """Return what a feed in this trouble answers."""
        return self.reply if isinstance(self.reply, Reply) else self.reply(page, now)


def _says(status: int, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, headers=named, body=b"no")


def _fails(error: type[httpx.TransportError], message: str) -> Reply:
    return Reply(fails=partial(error, message))


def _slow(page: Page, now: datetime) -> Reply:
    return Reply(headers={"ETag": '"s"'}, body=page.answer({}, now).body, before=25, between=3)


def _cut(page: Page, now: datetime) -> Reply:
    packed = gzip.compress(page.answer({}, now).body)
    return Reply(headers={"Content-Encoding": "gzip", "ETag": '"z"'}, body=packed[: len(packed) // 2])


def _leads(status: int, where: Callable[[Page], str]) -> Callable[[Page, datetime], Reply]:
    def lead(page: Page, now: datetime) -> Reply:
        return Reply(status=status, headers={"Location": where(page)})

    return lead


_BROKEN = b"<rss><channel><title>Feed & co</titel><item><" + bytes(range(128, 200))
TROUBLES: Mapping[str, Trouble] = {
    "no such name": Trouble(nameless=True),
    "no such name, perhaps": Trouble(nameless=True),
    "refused": Trouble(reply=_fails(httpx.ConnectError, "connection refused")),
    "reset": Trouble(reply=_fails(httpx.ReadError, "connection reset")),
    "untrusted": Trouble(reply=_fails(TlsError, "certificate not trusted")),
    "no HTTP": Trouble(reply=_fails(httpx.RemoteProtocolError, "nonsense")),
    "silent": Trouble(reply=Reply(before=FOREVER)),
    "stuck": Trouble(reply=Reply(body=b"<rss>", between=FOREVER)),
    "slow": Trouble(reply=_slow, state="ok"),
    "missing": Trouble(reply=_says(404)),
    "gone": Trouble(reply=_says(410), state="gone", asks=DAY, lasting=True),
    "forbidden": Trouble(reply=_says(403), asks=DAY),
    "unauthorized": Trouble(reply=_says(401), asks=DAY),
    "withheld": Trouble(reply=_says(451), state="disabled", asks=30 * DAY, lasting=True),
    "too many": Trouble(reply=_says(429, Retry_After="7200"), state="slow-down", asks=2 * HOUR, pause=2 * HOUR),
    "busy": Trouble(reply=_says(503, Retry_After="1800"), state="slow-down", asks=HOUR, pause=HOUR / 2),
    "overloaded": Trouble(reply=_says(503), state="slow-down", asks=HOUR),
    "error": Trouble(reply=_says(500)),
    "bad gateway": Trouble(reply=_says(502)),
    "page": Trouble(reply=Reply(headers={"Content-Type": "text/html"}, body=_HTML), state="not-a-feed"),
    "empty": Trouble(reply=Reply(), state="not-a-feed"),
    "broken": Trouble(reply=Reply(body=_BROKEN)),
    "cut": Trouble(reply=_cut),
    "huge": Trouble(reply=Reply(headers={"Content-Length": "999999999"}, body=b"<rss>")),
    "flood": Trouble(reply=Reply(body=b" " * 10_100_000)),
    "circle": Trouble(reply=_leads(302, lambda page: page.url)),
    "found nearby": Trouble(reply=_leads(302, lambda page: page.nearby), state="ok"),
    "found elsewhere": Trouble(reply=_leads(307, lambda page: page.elsewhere), state="ok"),
    "moved nearby": Trouble(reply=_leads(301, lambda page: page.nearby), state="ok", lasting=True),
    "moved elsewhere": Trouble(reply=_leads(308, lambda page: page.elsewhere), state="ok", lasting=True),
}
