"""A record as plain text."""

from aggregator.model import Record
from aggregator.publish.body import body_html
from aggregator.publish.record import date_text
from aggregator.text.plain import markup_text


def record_text(record: Record, base_url: str) -> bytes:
    """Return title, date, source and body as UTF-8 text, paragraphs separated by a blank line."""
    dated = date_text(record.published_at) or date_text(record.updated_at)
    parts = (record.title, f"{dated}\n{record.canonical_source}", body_text(record.body_md))
    where = f"-- \n{base_url.rstrip('/')}/news/{record.slug}"
    return "\n\n".join([*(part for part in parts if part), where, ""]).encode()


def body_text(markdown: str) -> str:
    """Return what the Markdown says, without its notation."""
    return markup_text(body_html(markdown))
