"""A record as plain text."""

from aggregator.model import Record
from aggregator.publish.record import date_text
from aggregator.publish.text import body_text


def record_text(record: Record, base_url: str) -> bytes:
    """Return title, date, source and body as UTF-8 text, links as footnotes."""
    dated = date_text(record.published_at) or date_text(record.updated_at)
    parts = (record.title, f"{dated}\n{record.canonical_source}", body_text(record.body_md))
    where = f"-- \n{base_url.rstrip('/')}/news/{record.slug}"
    return "\n\n".join([*(part for part in parts if part), where, ""]).encode()
