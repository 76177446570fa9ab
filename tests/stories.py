"""Documents for replaying, with only what a test cares about spelled out."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime
from html import escape

from tests.replay import START

WORDS = (
    "The harbour ferry sails again from Monday, after repairs that took eleven weeks and cost more than the town had"
    " hoped; the captain told a crowd at the pier that the new engine is quieter, that fares stay as they are, and that"
    " the last boat leaves at nine. Passengers cheered, a brass band played, and the mayor cut a ribbon in the rain."
)


def story(
    number: int,
    *,
    site: str = "https://site.example",
    link: str | None = None,
    guid: str | None = None,
    title: str | None = None,
    body: str | None = None,
    days: float | None = None,
    enclosure: str | None = None,
) -> str:
    """Return an RSS item. By default the link is the guid, and each number has a title and words of its own."""
    link = link or f"{site}/articles/{number}-story"
    date = "" if days is None else f"<pubDate>{format_datetime(START - timedelta(days=days, minutes=7))}</pubDate>"
    file = f'<enclosure url="{enclosure}" type="audio/mpeg" length="1"/>' if enclosure else ""
    title = title or f"Story number {number} of the harbour town"
    body = f"Report {number}. " + " ".join(f"word{number}x{n}" for n in range(60)) if body is None else body
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><guid>{escape(guid or link)}</guid>"
        f"{date}{file}<description>{escape(body)}</description></item>"
    )


def rss(items: Iterable[str]) -> str:
    """Return a document of these items."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>A feed</title>'
        f"<link>https://site.example/</link><description>x</description>{''.join(items)}</channel></rss>"
    )


def atom(*entries: tuple[str, str, str, datetime]) -> str:
    """Return an Atom document of (id, title, body, updated)."""
    stated = "".join(
        f"<entry><id>{name}</id><link href='https://site.example/{name}-entry'/><title>{title}</title>"
        f"<updated>{updated.isoformat()}</updated><content type='html'>{escape(body)}</content></entry>"
        for name, title, body, updated in entries
    )
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id><title>A feed</title>'
        f"<updated>{START.isoformat()}</updated>{stated}</feed>"
    )
