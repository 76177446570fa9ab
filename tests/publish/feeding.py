"""Feeds of our own, and what our own reader makes of them."""

from collections.abc import Iterable
from datetime import UTC, datetime

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Content, Digest, Draft, Entry, Record
from aggregator.normalize.article import normalize
from aggregator.publish.channel import Channel, Syndication
from aggregator.text.markdown import text_of
from tests.publish.forms import BASE

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def a_channel(records: Iterable[Record], form: Syndication, title: str = "The wire", **more: object) -> Channel:
    """Return a feed of the records."""
    return Channel(
        title=title,
        description=f"All of it: {title}",
        page_url=f"{BASE}/",
        feed_url=f"{BASE}/feed{form.suffix}",
        site_name="news.example",
        base_url=BASE,
        updated=NOW,
        records=tuple(records),
        **more,  # type: ignore[arg-type]
    )


def read_back(body: bytes, form: Syndication, title: str | None = "The wire") -> tuple[Draft, ...]:
    """Return what polling the document would keep; it has to be called ``title`` where that is given."""
    url = f"{BASE}/feed{form.suffix}"
    job = DigestJob(
        feed_url=url,
        url=url,
        body=body,
        content_type=form.content_type,
        now=NOW,
        known={},
        link_identity=False,
        enabled=frozenset({"language", "summary"}),
    )
    found = digest(job)
    assert isinstance(found, Digest)
    assert found.flaw is None
    assert title in {None, found.title}
    return found.drafts


def told(record: Record | Draft) -> tuple[object, ...]:
    """Return what a feed has to say of a record, or what was read of it."""
    source = record.canonical_source if isinstance(record, Record) else record.identity.canonical_source
    return (
        record.title,
        source,
        text_of(record.body_md),
        record.published_at,
        record.summary,
        record.lang,
        record.topics,
    )


def as_kept(title: str, markup: str) -> tuple[str, str]:
    """Return what a feed's title and HTML become in a record: title and Markdown."""
    base = "https://x.example/"
    entry = Entry(
        guid="x",
        guid_is_permalink=False,
        link=base,
        title=Content(value=title, html=False, base=base),
        summary=None,
        content=Content(value=markup, html=True, base=base),
        published=None,
        updated=None,
        published_raw=None,
        date_flags=(),
        authors=(),
        categories=(),
        enclosures=(),
        image=None,
        language=None,
        source_url=None,
        truncated=(),
    )
    article = normalize(entry)
    return article.title, article.body_md
