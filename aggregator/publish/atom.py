"""Stories as an Atom feed (RFC 4287)."""

from collections.abc import Iterator
from html import escape

from aggregator.model import Record
from aggregator.publish.body import feed_html
from aggregator.publish.channel import Channel
from aggregator.text.xml import xml_attribute, xml_text


def to_atom(channel: Channel) -> bytes:
    """Return the document. Titles are HTML, in which all that they say is escaped: so no reader guesses (XS-18)."""
    entries = "".join(line for record in channel.records for line in _entry(channel, record))
    lang = f" xml:lang={xml_attribute(channel.lang)}" if channel.lang else ""
    hubs = "".join(f'<link rel="hub" href={xml_attribute(hub)}/>\n' for hub in channel.hubs)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom"{lang}>\n'
        f"<id>{xml_text(channel.feed_url)}</id>\n"
        f'<title type="html">{xml_text(escape(channel.title, quote=False))}</title>\n'
        f"<subtitle>{xml_text(channel.description)}</subtitle>\n"
        f"<updated>{channel.updated.isoformat()}</updated>\n"
        f'<link rel="self" type="application/atom+xml" href={xml_attribute(channel.feed_url)}/>\n'
        f"{hubs}"
        f'<link rel="alternate" type="text/html" href={xml_attribute(channel.page_url)}/>\n'
        f"<author><name>{xml_text(channel.site_name)}</name></author>\n"
        "<generator>aggregator</generator>\n"
        f"{entries}</feed>\n"
    ).encode()


def _entry(channel: Channel, record: Record) -> Iterator[str]:
    url, link = channel.url_of(record), channel.link_of(record)
    yield f"<entry xml:lang={xml_attribute(record.lang)}>\n" if record.lang else "<entry>\n"
    yield f"<id>{xml_text(url)}</id>\n"
    yield f'<title type="html">{xml_text(escape(record.title, quote=False))}</title>\n'
    yield f'<link rel="alternate" href={xml_attribute(link)}/>\n'
    if link != url:
        yield f'<link rel="related" type="text/html" href={xml_attribute(url)}/>\n'
    if record.published_at is not None:
        yield f"<published>{record.published_at.isoformat()}</published>\n"
    yield f"<updated>{record.updated_at.isoformat()}</updated>\n"
    yield from (f"<category term={xml_attribute(topic)}/>\n" for topic in record.topics)
    if record.summary:
        yield f'<summary type="text">{xml_text(record.summary)}</summary>\n'
    yield f'<content type="html">{xml_text(feed_html(record.body_md))}</content>\n</entry>\n'
