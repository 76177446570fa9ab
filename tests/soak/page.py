"""A feed of the simulated internet that is well: what it says at any moment, and what it asks of its readers."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx

START = datetime(2026, 6, 24, 22, 14, 12, 589629, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
_ENTRIES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer of a server, and how long it takes."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    before: float = 0.2  # seconds until it begins
    between: float = 0.0  # seconds before every piece of the body
    fails: Callable[[], httpx.TransportError] | None = None  # there is no answer, but this


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How a feed speaks of its changes."""

    etag: bool = False
    dated: bool = False  # Last-Modified
    restless: bool = False  # other bytes every time
    cache_control: str = ""
    expires: bool = False
    channel: str = ""  # elements of the document
    asks: timedelta = timedelta()  # to be left alone for so long after an answer
    skips: frozenset[int] = frozenset()  # hours

    def open_by(self, due: datetime) -> datetime:
        """Return when a feed that is due may be asked at last: anywhere in the first hour that it does not skip."""
        if due.hour not in self.skips:
            return due
        hour = due.replace(minute=0, second=0, microsecond=0)
        while hour.hour in self.skips:
            hour += HOUR
        return hour + HOUR


def _skipping(*hours: int) -> Manner:
    stated = "".join(f"<hour>{hour}</hour>" for hour in hours)
    return Manner(etag=True, channel=f"<skipHours>{stated}</skipHours>", skips=frozenset(hours))


MANNERS: Mapping[str, Manner] = {
    "etag": Manner(etag=True),
    "last-modified": Manner(dated=True),
    "both": Manner(etag=True, dated=True),
    "bare": Manner(asks=DAY),  # without validators: a whole document a day (SC-02)
    "restless": Manner(etag=True, restless=True),
    "max-age": Manner(etag=True, cache_control="public, max-age=14400", asks=4 * HOUR),
    "long max-age": Manner(dated=True, cache_control="max-age=31536000", asks=DAY),
    "expires": Manner(etag=True, expires=True, asks=5 * HOUR - timedelta(seconds=1)),
    "no-store": Manner(etag=True, cache_control="no-store, max-age=9"),
    "ttl": Manner(etag=True, channel="<ttl>240</ttl>", asks=4 * HOUR),
    "sy": Manner(
        dated=True,
        channel="<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
        asks=6 * HOUR,
    ),
    "nights off": _skipping(*range(1, 7)),
    "days off": _skipping(*range(8, 17)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where a feed lives, and the rhythm in which it publishes."""

    number: int
    site: str
    other_site: str  # where it is found when it moves
    manner: Manner
    gap: timedelta
    takes: float = 0.2  # seconds

    @property
    def url(self) -> str:
        """As configured."""
        return f"https://{self.site}/feed/{self.number}"

    @property
    def nearby(self) -> str:
        """Where it is found besides, on the same site."""
        return f"https://{self.site}/near/{self.number}"

    @property
    def elsewhere(self) -> str:
        """Where it is found besides, on the other site."""
        return f"https://{self.other_site}/moved/{self.number}"

    def answer(self, headers: Mapping[str, str], now: datetime) -> Reply:
        """Answer a request that carries ``headers``: 304 where they know the newest entry."""
        newest = self._newest(now)
        stamp = _http_date(START + newest * self.gap)
        version = f'"{newest}{f"-{now.timestamp()}" if self.manner.restless else ""}"'
        given = {
            **({"ETag": version} if self.manner.etag else {}),
            **({"Last-Modified": stamp} if self.manner.dated else {}),
            **({"Cache-Control": self.manner.cache_control} if self.manner.cache_control else {}),
            **({"Expires": _http_date(now + 5 * HOUR), "Date": _http_date(now)} if self.manner.expires else {}),
        }
        known = headers.get("if-none-match") or headers.get("if-modified-since")
        if known is not None and known in {given.get("ETag"), given.get("Last-Modified")}:
            return Reply(status=304, headers=given, before=self.takes)
        body = self._document(newest, now).encode()
        return Reply(headers={**given, "Content-Type": "application/rss+xml"}, body=body, before=self.takes)

    def _newest(self, now: datetime) -> int:
        shift = self.gap * math.modf(self.number * 0.618)[0]  # no two feeds publish together
        return (now - START + shift) // self.gap

    def _document(self, newest: int, now: datetime) -> str:
        note = f"<!-- {now.timestamp()} -->" if self.manner.restless else ""
        items = "".join(self._item(number) for number in range(newest, newest - _ENTRIES, -1))
        return (
            '<?xml version="1.0"?><rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
            f"<title>Feed {self.number}</title><link>https://{self.site}/</link><description>x</description>"
            f"{self.manner.channel}{note}{items}</channel></rss>"
        )

    def _item(self, number: int) -> str:
        at = _http_date(START + (number - 1) * self.gap)
        link = f"https://{self.site}/{self.number}/{number}"
        return (
            f"<item><title>Story {number} of feed {self.number}</title><link>{link}</link><guid>{link}</guid>"
            f"<pubDate>{at}</pubDate><description>It happened again.</description></item>"
        )


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)
