"""JSON Feed."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Content, Enclosure, ParsedFeed, Unreadable
from aggregator.parse import parse
from tests.parse.build import NOW, URL, read, refused

VERSION = "https://jsonfeed.org/version/1.1"


def _body(*items: object, **feed: object) -> bytes:
    return json.dumps({"version": VERSION, "title": "Site", "items": items, **feed}).encode()


def test_everything_a_feed_says_is_kept() -> None:
    """XM-20."""
    item = {
        "id": "https://site.example/1",
        "url": "/1",
        "external_url": "https://other.example/",
        "title": "It&#8217;s <T>",
        "content_html": "<p>x</p>",
        "content_text": "x",
        "summary": "s",
        "image": "i.png",
        "date_published": "2024-01-01T10:00:00+01:00",
        "date_modified": "2024-01-02T10:00:00Z",
        "authors": [{"name": "Jane"}, {"url": "https://jo.example/"}, "x"],
        "tags": ["a", "b", 3],
        "language": "de",
        "attachments": [{"url": "a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}, {"url": "javascript:x"}],
    }
    feed = read(_body(item, home_page_url="https://site.example/", language="en"))
    assert (feed.format, feed.title, feed.link, feed.language) == ("json11", "Site", "https://site.example/", "en")
    (entry,) = feed.entries
    assert (entry.guid, entry.guid_is_permalink, entry.link) == (item["id"], True, "https://site.example/1")
    assert entry.title == Content(value="It’s <T>", html=False, base="https://site.example/1", language="de")
    assert entry.content == Content(value="<p>x</p>", html=True, base="https://site.example/1", language="de")
    assert entry.summary
    assert (entry.summary.value, entry.summary.html) == ("s", False)
    assert (str(entry.published), str(entry.updated)) == ("2024-01-01 09:00:00+00:00", "2024-01-02 10:00:00+00:00")
    assert (entry.authors, entry.categories) == (("Jane", "https://jo.example/"), ("a", "b", "3"))
    assert entry.enclosures == (Enclosure(url="https://site.example/a.mp3", type="audio/mpeg", length=12),)
    assert (entry.image, entry.source_url) == ("https://site.example/i.png", "https://other.example/")


def test_version_one_and_its_author_are_read() -> None:
    body = _body({"id": 7, "author": {"name": "Jane"}, "external_url": "https://x.example/", "content_text": "a < b"})
    feed = read(body.replace(b"/1.1", b"/1"))
    (entry,) = feed.entries
    assert (feed.format, entry.guid, entry.authors) == ("json10", "7", ("Jane",))
    assert (entry.link, entry.source_url) == ("https://x.example/", None)
    assert entry.content == Content(value="a < b", html=False, base=URL)


def test_numbers_keep_their_digits_however_many() -> None:
    """XM-20."""
    digits = "9" * 5000
    body = _body({"id": "@", "title": "t"}).replace(b'"@"', digits.encode())
    assert read(body).entries[0].guid != digits
    assert read(_body({"id": 9007199254740993})).entries[0].guid == "9007199254740993"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[" * 100_000, "malformed"),
        (b'{"a":' * 100_000, "malformed"),
        (_body({"id": "1"})[:-5], "malformed"),
        (b'{"items": 1, "version": "https://jsonfeed.org/version/1"}', "not-a-feed"),
        (b'{"error": "not found"}', "not-a-feed"),
        (b'{"items": [{"name": "x"}]}', "not-a-feed"),
        (b"[1, 2]", "not-a-feed"),
    ],
)
def test_what_is_no_json_feed_is_a_value(body: bytes, kind: str) -> None:
    """XM-20."""
    assert refused(body).kind == kind


def test_a_feed_without_a_version_is_read_by_its_items() -> None:
    assert len(read(b'{"items": [{"url": "https://site.example/1"}]}').entries) == 1


def test_what_follows_the_json_is_a_flaw() -> None:
    feed = read(_body({"id": "1"}) + b"\n<!-- cached -->")
    assert (len(feed.entries), feed.flaw) == (1, "something follows the end of the JSON")


def test_the_oldest_beyond_the_cap_are_left_out() -> None:
    """DD-14."""
    items = [{"id": str(day), "date_published": f"2024-01-0{day}"} for day in (3, 9, 1, 7)]
    feed = read(_body(*items, "no item"), max_entries=2)
    assert ([entry.guid for entry in feed.entries], feed.left_out) == (["9", "7"], 2)


def test_lone_surrogates_are_replaced() -> None:
    """XM-18, OI-03."""
    (entry,) = read(_body({"id": "\ud800", "title": "a\ud800\u0000b", "language": "\ud800"})).entries
    repr(entry).encode()
    assert entry.title
    assert entry.title.value == "a\ufffdb"


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
KEYS = (
    *("id", "url", "external_url", "title", "content_html", "summary", "image", "date_published", "authors", "author"),
    *("tags", "attachments", "language"),
)


@given(st.dictionaries(st.sampled_from(KEYS), ANY), st.dictionaries(st.sampled_from(["title", "language"]), ANY))
def test_any_types_give_a_value(item: dict[str, Any], feed: dict[str, Any]) -> None:
    """XM-20."""
    parsed = parse(_body(item, **feed), url=URL, content_type=None, now=NOW)
    assert isinstance(parsed, ParsedFeed | Unreadable)
