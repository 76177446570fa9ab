"""Fingerprints of what was stated and of what a reader would notice."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from aggregator.model import Entry
from aggregator.normalize.article import normalize
from aggregator.normalize.hashes import content_hash, entry_hash
from tests.normalize.making import content, entry

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
STATED = entry(
    "Ferry",
    guid="1",
    link="https://news.example/ferry",
    body='<p>The ferry <a href="/x?utm_source=a">is back</a>.</p>',
    summary="Back",
    enclosures=["https://cdn.example/a.mp3"],
    published=NOON,
    categories=("harbour",),
)


@pytest.mark.parametrize(
    "changed",
    [
        replace(STATED, title=content("Ferries")),
        replace(STATED, content=content("<p>The ferry is gone.</p>")),
        replace(STATED, summary=None),
        replace(STATED, link="https://news.example/ferry2"),
        replace(STATED, updated=NOON),
        replace(STATED, categories=()),
        replace(STATED, authors=("Ann",)),
        replace(STATED, enclosures=()),
    ],
)
def test_whatever_is_stated_otherwise_changes_the_entry_hash(changed: Entry) -> None:
    assert entry_hash(changed) != entry_hash(STATED)
    assert len(entry_hash(changed)) == 16


def test_a_new_date_of_publication_changes_nothing() -> None:
    """DT-27, DD-16."""
    assert entry_hash(replace(STATED, published=None, published_raw="x")) == entry_hash(STATED)


@pytest.mark.parametrize(
    "body",
    [
        '<p>The   ferry\n <a href="/x?utm_source=b">is back</a>.</p>',
        '<p class="x">The ferry <a href="/x" rel="y">is back</a>.</p>\n\n',
        '<div>The ferry <a href="/x?utm_medium=c">is back</a>.</div><img src="https://cdn.example/i?sig=1" alt="">',
    ],
)
def test_whitespace_trackers_and_attributes_are_no_edit(body: str) -> None:
    """DD-03."""
    same = replace(STATED, content=content(body), summary=None, published=None, categories=())
    assert content_hash(normalize(same)) == content_hash(normalize(STATED))


def test_a_fingerprint_outlives_the_rules_of_match_keys() -> None:
    """UR-39: stores hold it; another one would be an edit of every story that is touched."""
    body = '<p><a href="https://www.x.example/a/?utm_source=b&amp;id=1&amp;fbclid=c#d">Read</a></p>'
    plain = '<p><a href="http://x.example/a/?id=1">Read</a></p>'
    stated, same = (content_hash(normalize(replace(STATED, content=content(each)))) for each in (body, plain))
    assert stated.hex() == same.hex() == "a6a270ffbce5f21fda8efc986a460ded"


@pytest.mark.parametrize(
    "changed",
    [
        replace(STATED, title=content("Ferries")),
        replace(STATED, content=content('<p>The ferry <a href="/x">is gone</a>.</p>')),
        replace(STATED, content=content('<p>The ferry <a href="/y">is back</a>.</p>')),
    ],
)
def test_other_words_and_other_targets_are_an_edit(changed: Entry) -> None:
    """DD-01."""
    assert content_hash(normalize(changed)) != content_hash(normalize(STATED))
