"""What every value of a parsed feed promises."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from aggregator.model import Content, Entry, ParsedFeed
from aggregator.parse.limits import AUTHORS, CATEGORIES, ENCLOSURES, GUID, NAME, TEXT, TITLE
from aggregator.text.plain import clean_text, one_line
from aggregator.url.check import web_url
from tests.parse.build import NOW

_LATEST = NOW + timedelta(hours=24)


def check_feed(feed: ParsedFeed, *, most_entries: int) -> None:
    """Raise AssertionError for the first promise broken."""
    repr(feed).encode()
    assert len(feed.entries) <= most_entries
    assert feed.left_out >= 0
    for url in (feed.link, feed.older, *(part.url for part in feed.parts)):
        assert url is None or web_url(url) == url
    for line in (feed.title, feed.language, feed.flaw):
        assert line is None or (line and clean_text(line) == line)
    assert feed.title is None or feed.title == one_line(feed.title)
    _check_hints(feed)
    for entry in feed.entries:
        _check_entry(entry)


def _check_hints(feed: ParsedFeed) -> None:
    hints = feed.hints
    for span in (hints.ttl, hints.update_period):
        assert span is None or timedelta(0) < span <= timedelta(days=365)
    assert set(hints.skip_hours) < set(range(24))
    assert set(hints.skip_days) < set(range(7))


def _check_entry(entry: Entry) -> None:
    assert entry.guid is None or (0 < len(entry.guid) <= GUID and entry.guid == clean_text(entry.guid).strip())
    assert entry.guid_is_permalink in {True, False}
    for url in (entry.link, entry.image, entry.source_url, *(file.url for file in entry.enclosures)):
        assert url is None or web_url(url) == url
    for content, cap in _contents(entry):
        assert content is None or (0 < len(content.value) <= cap and content.value == clean_text(content.value).strip())
    for name in (*entry.authors, *entry.categories):
        assert 0 < len(name) <= NAME
        assert name == one_line(name)
    assert len(entry.authors) <= AUTHORS
    assert len(entry.categories) <= CATEGORIES
    assert len(entry.enclosures) <= ENCLOSURES
    assert all(file.length is None or file.length >= 0 for file in entry.enclosures)
    for moment in (entry.published, entry.updated):
        _check_moment(moment)
    assert entry.published or entry.date_flags


def _contents(entry: Entry) -> Iterator[tuple[Content | None, int]]:
    yield entry.title, TITLE
    yield entry.summary, TEXT
    yield entry.content, TEXT


def _check_moment(moment: datetime | None) -> None:
    assert moment is None or (moment.tzinfo is UTC and not moment.microsecond and moment <= _LATEST)
