"""Stories as an RSS 2.0 feed (rssboard.org/rss-specification), by the advice of the RSS Advisory Board's profile."""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from html import escape

from aggregator.model import Record
from aggregator.publish.body import feed_html
from aggregator.publish.channel import Channel
from aggregator.text.xml import xml_attribute, xml_text

_LIKE_MARKUP = re.compile(r"<[a-zA-Z/!?]|&#?\w+;")
_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/">\n<channel>\n'
)


def to_rss(channel: Channel) -> bytes:
    """Return the document. Its dates have no fractions of seconds: the format has none (RFC 822)."""
    items = "".join(line for record in channel.records for line in _item(channel, record))
    language = f"<language>{xml_text(channel.lang)}</language>\n" if channel.lang else ""
    hubs = "".join(f'<atom:link rel="hub" href={xml_attribute(hub)}/>\n' for hub in channel.hubs)
    return (
        f"{_HEAD}<title>{_title(channel.title)}</title>\n"
        f"<link>{xml_text(channel.page_url)}</link>\n"
        f"<description>{xml_text(escape(channel.description, quote=False))}</description>\n"
        f'<atom:link rel="self" type="application/rss+xml" href={xml_attribute(channel.feed_url)}/>\n'
        f"{hubs}"
        f"{language}<lastBuildDate>{_date(channel.updated)}</lastBuildDate>\n"
        "<generator>aggregator</generator>\n"
        f"{items}</channel>\n</rss>\n"
    ).encode()


def _item(channel: Channel, record: Record) -> Iterator[str]:
    yield f"<item>\n<title>{_title(record.title)}</title>\n"
    yield f"<link>{xml_text(channel.link_of(record))}</link>\n"
    yield f'<guid isPermaLink="false">{xml_text(channel.url_of(record))}</guid>\n'
    if record.published_at is not None:
        yield f"<pubDate>{_date(record.published_at)}</pubDate>\n"
    if record.lang:
        yield f"<dc:language>{xml_text(record.lang)}</dc:language>\n"
    yield from (f"<category>{xml_text(topic)}</category>\n" for topic in record.topics)
    summary, body = escape(record.summary, quote=False), feed_html(record.body_md)
    if summary and len(summary) <= len(body):  # many readers, ours too, take the longer of the two for the text
        yield f"<description>{xml_text(summary)}</description>\n"
    yield f"<content:encoded>{xml_text(body)}</content:encoded>\n</item>\n"


def _title(text: str) -> str:
    """A title is text, but some read it as HTML: what looks like that is escaped once more, so that it stays text."""
    return xml_text(escape(text, quote=False) if _LIKE_MARKUP.search(text) else text)


def _date(moment: datetime) -> str:
    return format_datetime(moment.replace(microsecond=0), usegmt=True)
