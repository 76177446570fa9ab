"""Where a feed says that its older entries are."""

import json

from tests.parse.build import atom, read, rss


def test_an_archive_comes_before_a_next_page() -> None:
    """PG-03: archive documents are stable; relative links resolve against the document."""
    links = '<link rel="next" href="/?page=2"/><link rel="prev-archive" href="/2026/05"/><title>x</title>'
    assert read(atom(feed=links)).older == "https://feed.example/2026/05"
    assert read(atom(feed='<link rel="next" href="?page=2"/>')).older == "https://feed.example/blog/feed.xml?page=2"
    channel = '<title>t</title><atom:link rel="prev-archive" href="https://feed.example/old"/>'
    assert read(rss("<title>a</title>", channel=channel)).older == "https://feed.example/old"


def test_a_json_feed_has_a_next_url() -> None:
    """PG-02."""
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "x", "items": [], "next_url": "page2.json"}
    assert read(json.dumps(feed).encode()).older == "https://feed.example/blog/page2.json"


def test_what_leads_nowhere_is_left_out() -> None:
    """PG-05: and nothing is guessed, such as ?paged=2."""
    for href in ("", " ", "javascript:alert(1)", "file:///etc/passwd", "http://["):
        assert read(atom(feed=f'<title>x</title><link rel="next" href="{href}"/>')).older is None
    assert read(atom("<id>1</id><link rel='next' href='https://evil.example/'/>")).older is None
