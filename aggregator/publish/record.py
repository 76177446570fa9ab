"""The golden record: the public shape of a story, and its line of JSON."""

from datetime import datetime

import orjson

from aggregator.model import Change, ChangeKind, Record

# Characters that JSON allows bare but that line splitters break at (OI-02).
_ESCAPES = {"\u2028".encode(): rb"\u2028", "\u2029".encode(): rb"\u2029", "\u0085".encode(): rb"\u0085"}
# A story that was merged or retracted keeps its last line: what became of it is in the change log alone.
_TOLD: frozenset[ChangeKind] = frozenset({"new", "updated"})


def told_record(change: Change) -> Record | None:
    """Return the record that a change adds to an output of records, None where it adds no line to it."""
    return change.record if change.kind in _TOLD else None


def record_fields(record: Record, base_url: str) -> dict[str, object]:
    """Return the twelve public fields, in their order, ready for JSON.

    Dates are UTC, ``YYYY-MM-DD HH:MM:SS[.ffffff]+00:00``; what is unknown is None, never absent (OI-11). ``base_url``
    is where the site is.
    """
    url = f"{base_url.rstrip('/')}/news/{record.slug}"
    return {
        "slug": record.slug,
        "title": record.title,
        "summary": record.summary,
        "body_md": record.body_md,
        "url": url,
        "canonical_source": record.canonical_source,
        "published_at": _date(record.published_at),
        "updated_at": _date(record.updated_at),
        "lang": record.lang,
        "topics": list(record.topics),
        "entities": list(record.entities),
        "alternates": {"html": url, "markdown": f"{url}.md", "text": f"{url}.txt", "jsonld": f"{url}.jsonld"},
    }


def record_line(record: Record, base_url: str) -> bytes:
    """Return the record as one line of JSON, UTF-8, ending in a newline and holding no other line end of any kind.

    Text must be clean (no lone surrogates): orjson raises ``TypeError`` otherwise.
    """
    line = orjson.dumps(record_fields(record, base_url), option=orjson.OPT_APPEND_NEWLINE)
    for character, escape in _ESCAPES.items():
        line = line.replace(character, escape)
    return line


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else str(moment)
