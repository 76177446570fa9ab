"""Stories as a JSON Feed 1.1 (jsonfeed.org)."""

import orjson

from aggregator.model import Record
from aggregator.publish.body import feed_html
from aggregator.publish.channel import Channel


def to_json_feed(channel: Channel) -> bytes:
    """Return the document; what is unknown is left out."""
    fields = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": channel.title,
        "description": channel.description,
        "home_page_url": channel.page_url,
        "feed_url": channel.feed_url,
        **({"hubs": [{"type": "WebSub", "url": hub} for hub in channel.hubs]} if channel.hubs else {}),
        "language": channel.lang,
        "items": [_item(channel, record) for record in channel.records],
    }
    return orjson.dumps(
        {name: value for name, value in fields.items() if value is not None}, option=orjson.OPT_APPEND_NEWLINE
    )


def _item(channel: Channel, record: Record) -> dict[str, object]:
    fields = {
        "id": channel.url_of(record),
        "url": channel.link_of(record),
        "title": record.title,
        "content_html": feed_html(record.body_md),
        "summary": record.summary,
        "date_published": record.published_at and record.published_at.isoformat(),
        "date_modified": record.updated_at.isoformat(),
        "tags": list(record.topics),
        "language": record.lang,
    }
    return {name: value for name, value in fields.items() if value or name == "content_html"}
