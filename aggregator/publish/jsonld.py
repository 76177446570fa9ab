"""A record as JSON-LD: a schema.org NewsArticle."""

from datetime import datetime
from urllib.parse import urlsplit

import orjson

from aggregator.model import Record
from aggregator.text.markdown import text_of

_LONGEST_HEADLINE = 110  # characters that Google's documentation of Article asks for


def record_jsonld(record: Record, base_url: str) -> bytes:
    """Return the article as indented JSON; what is unknown is left out, as schema.org has no null."""
    return orjson.dumps(article(record, base_url), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def article(record: Record, base_url: str) -> dict[str, object]:
    """Return the NewsArticle, its dates as ISO 8601 (schema.org/DateTime)."""
    url = f"{base_url.rstrip('/')}/news/{record.slug}"
    source = urlsplit(record.canonical_source)
    fields: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": url,
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "headline": _headline(record.title),
        "name": record.title,
        "description": record.summary,
        "articleBody": text_of(record.body_md),
        "datePublished": _date(record.published_at),
        "dateModified": _date(record.updated_at),
        "inLanguage": record.lang,
        "keywords": list(record.topics),
        "about": [{"@type": "Thing", "name": entity} for entity in record.entities],
        "isBasedOn": record.canonical_source,
        "publisher": _publisher(source.scheme, source.netloc),
    }
    return {name: value for name, value in fields.items() if value}


def _headline(title: str) -> str:
    return title if len(title) <= _LONGEST_HEADLINE else title[: _LONGEST_HEADLINE - 1].rstrip() + "…"


def _date(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _publisher(scheme: str, host: str) -> dict[str, object] | None:
    """Return the site that the story is from; a story without a link has none."""
    if not host:
        return None
    return {"@type": "Organization", "name": host.removeprefix("www."), "url": f"{scheme}://{host}/"}
