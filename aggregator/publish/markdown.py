"""A record as Markdown with its other fields as YAML front matter."""

from aggregator.model import Record
from aggregator.publish.record import json_line, record_fields

_NOT_IN_FRONT = frozenset({"body_md"})


def record_markdown(record: Record, base_url: str) -> bytes:
    """Return front matter and body. Every value is JSON, which YAML 1.2 reads as itself: no text can end it (OI-*)."""
    fields = record_fields(record, base_url)
    front = (name.encode() + b": " + json_line(value) for name, value in fields.items() if name not in _NOT_IN_FRONT)
    return b"---\n" + b"".join(front) + b"---\n\n" + record.body_md.encode() + b"\n"
