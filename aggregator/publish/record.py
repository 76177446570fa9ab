"""The golden record: the public shape of a story, and its line of JSON."""

from collections.abc import Sequence
from datetime import datetime

import orjson

from aggregator.model import Change, ChangeKind, Record, RecordRow

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
        "published_at": date_text(record.published_at),
        "updated_at": date_text(record.updated_at),
        "lang": record.lang,
        "topics": list(record.topics),
        "entities": list(record.entities),
        "alternates": {"html": url, "markdown": f"{url}.md", "text": f"{url}.txt", "jsonld": f"{url}.jsonld"},
    }


def row_fields(row: RecordRow, news_url: str) -> dict[str, object]:
    """Return what ``record_fields`` does, from a stored row and the URL that slugs are appended to.

    Lists stay the JSON that they are: ``orjson.Fragment``.
    """
    slug, title, summary, body_md, source, published, updated, lang, topics, entities = row
    url = news_url + slug
    return {
        "slug": slug,
        "title": title,
        "summary": summary,
        "body_md": body_md,
        "url": url,
        "canonical_source": source,
        "published_at": published and published.replace(".000000+", "+"),
        "updated_at": updated.replace(".000000+", "+"),
        "lang": lang,
        "topics": orjson.Fragment(topics),
        "entities": orjson.Fragment(entities),
        "alternates": {"html": url, "markdown": url + ".md", "text": url + ".txt", "jsonld": url + ".jsonld"},
    }


def record_line(record: Record, base_url: str) -> bytes:
    """Return the record as one line of JSON, UTF-8, ending in a newline and holding no other line end of any kind.

    Text must be clean (no lone surrogates): orjson raises ``TypeError`` otherwise.
    """
    return json_line(record_fields(record, base_url))


def row_lines(rows: Sequence[RecordRow], base_url: str) -> bytes:
    """Return the lines of stored rows, byte for byte those of ``record_line``."""
    news_url = f"{base_url.rstrip('/')}/news/"
    lines = []
    for row in rows:
        line = orjson.dumps(row_fields(row, news_url), option=orjson.OPT_APPEND_NEWLINE)
        lines.append(_escaped(line) if _is_split(row) else line)
    return b"".join(lines)


def json_line(fields: object) -> bytes:
    """Return any value as such a line."""
    return _escaped(orjson.dumps(fields, option=orjson.OPT_APPEND_NEWLINE))


def date_text(moment: datetime | None) -> str | None:
    """Return a moment as every line shows it."""
    return None if moment is None else str(moment)


def _is_split(row: RecordRow) -> bool:
    """Whether there is anything to escape: to look for it in text is fifty times as fast as in the line's bytes."""
    _, title, summary, body, source, _, _, _, topics, entities = row
    text = f"{title}{summary}{body}{source}{topics}{entities}"
    return "\u2028" in text or "\u2029" in text or "\u0085" in text


def _escaped(lines: bytes) -> bytes:
    for character, escape in _ESCAPES.items():
        lines = lines.replace(character, escape)
    return lines
