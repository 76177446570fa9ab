"""Stories as a Google News sitemap (news 0.9), which lists what a site published in the last two days."""

from collections.abc import Iterable

from aggregator.model import Record
from aggregator.text.xml import xml_text

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n'
)
_CHINESE = {"zh-hans": "zh-cn", "zh-hant": "zh-tw"}  # the two languages that the format wants by country


def news_sitemap(records: Iterable[Record], *, site_name: str, base_url: str) -> bytes:
    """Return the document; a language that is not known is ``und`` (ISO 639-2), as the format wants one."""
    urls = "".join(
        f"<url>\n<loc>{xml_text(f'{base_url}/news/{record.slug}')}</loc>\n<news:news>\n"
        f"<news:publication><news:name>{xml_text(site_name)}</news:name>"
        f"<news:language>{_language(record.lang)}</news:language></news:publication>\n"
        f"<news:publication_date>{(record.published_at or record.updated_at).isoformat()}</news:publication_date>\n"
        f"<news:title>{xml_text(record.title)}</news:title>\n</news:news>\n</url>\n"
        for record in records
    )
    return f"{_HEAD}{urls}</urlset>\n".encode()


def _language(tag: str | None) -> str:
    lowered = (tag or "und").lower()
    return xml_text(_CHINESE.get(lowered) or lowered.partition("-")[0])
