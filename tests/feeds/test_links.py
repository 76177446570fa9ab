"""What a page says about its feeds."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds.links import candidates

CORPUS = Path(__file__).parents[2] / "../shared/corpus/feed-discovery"
PAGE = "https://site.example/blog/page"


def declared(html: str, url: str = PAGE) -> list[str]:
    """Return the addresses that a page declares."""
    return [each.url for each in candidates(html.encode(), url) if each.declared]


def linked(html: str) -> list[str]:
    """Return the addresses that a page's links hint at."""
    return [each.url for each in candidates(html.encode(), PAGE) if not each.declared]


@pytest.mark.parametrize(
    "attributes",
    [
        'rel="alternate" type="application/rss+xml"',
        'REL="Alternate  home" TYPE=" Application/RSS+XML; charset=utf-8"',
        "rel=alternate type=application/atom+xml",
        'rel="alternate" type="application/rdf+xml"',
        'rel="alternate" type="application/feed+json"',
        'rel="alternate" type="application/json"',
        'rel="alternate" type="text/xml"',
        'rel="alternate" type="application/x.atom+xml"',
        'rel="alternate" type="text/rss"',
        'rel="feed"',
    ],
)
def test_types_are_read_as_sites_write_them(attributes: str) -> None:
    assert declared(f'<html><head><link {attributes} href="feed"></head>') == ["https://site.example/blog/feed"]


@pytest.mark.parametrize(
    "link",
    [
        '<link rel="alternate stylesheet" type="text/xml" href="/a">',
        '<link rel="alternate" hreflang="de" href="/de/">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed">',
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">',
        '<link rel="search" type="application/opensearchdescription+xml" href="/a">',
        '<link rel="alternate" type="application/rss+xml">',
        '<link rel="alternate" type="application/rss+xml" href="">',
        '<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">',
        '<link rel="alternate" type="application/rss+xml" href="file:///etc/passwd">',
        '<!-- <link rel="alternate" type="application/rss+xml" href="/a"> -->',
    ],
)
def test_what_is_no_feed_is_not_taken_for_one(link: str) -> None:
    assert declared(link) == []


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("/a?x=1&amp;y=2#top", "https://site.example/a?x=1&y=2"),
        ("//other.example/a", "https://other.example/a"),
        ("feed://other.example/a", "http://other.example/a"),
        ("feed:https://other.example/a", "https://other.example/a"),
        ("podcast://other.example/a", "http://other.example/a"),
        ("https://user:pw@other.example/a", "https://other.example/a"),
    ],
)
def test_addresses_are_made_whole(href: str, url: str) -> None:
    """HT-19; and no page hands us credentials."""
    assert declared(f'<link rel="alternate" type="application/rss+xml" href="{href}">') == [url]


def test_a_base_is_what_addresses_are_relative_to() -> None:
    html = '<base href="/other/"><link rel=alternate type=application/rss+xml href=feed.xml>'
    assert declared(html) == ["https://site.example/other/feed.xml"]
    assert declared(html.replace("/other/", "ftp://x/")) == ["https://site.example/blog/feed.xml"]


def test_feeds_of_comments_come_last_and_repeats_not_at_all() -> None:
    link = '<link rel="alternate" type="application/rss+xml" href="{}" title="{}">'
    html = (
        link.format("/comments/feed/", "Site » Comments Feed")
        + link.format("/x", "Kommentare zu diesem Artikel")
        + link.format("/feed/", "Site » Feed")
        + link.format("http://site.example/feed", "the same")
        + link.format("/atom", "Atom")
    )
    found = candidates(html.encode(), PAGE)
    assert [each.url.removeprefix("https://site.example") for each in found] == [
        "/feed/",
        "/atom",
        "/comments/feed/",
        "/x",
    ]
    assert found[0].title == "Site » Feed"


def test_links_are_hints_where_they_look_like_a_feed() -> None:
    html = """<a href="/news.rss">News</a> <a href="/subscribe">RSS feed</a> <a href="/blog/feed/">Follow</a>
        <a href="/?format=rss">x</a> <a href="feed:https://a.example/b">x</a>
        <a type="application/atom+xml" href="/t">x</a>
        <a href="/feedback">Feedback</a> <a href="https://feedly.com/i/subscription">Feed</a> <a href="/about">About</a>
        <a href="mailto:rss@site.example">RSS</a> <a href="/">RSS</a> <a href="#rss">RSS</a>"""
    assert linked(html) == [
        *(f"https://site.example{path}" for path in ("/news.rss", "/subscribe", "/blog/feed/", "/?format=rss")),
        *("https://a.example/b", "https://site.example/t"),
    ]


def test_any_charset_is_read() -> None:
    """XM-22, for pages."""
    html = '<meta charset="windows-1251"><link rel=alternate type=application/rss+xml href=/a title="Новости">'
    (found,) = candidates(html.encode("cp1251"), PAGE)
    assert found.title == "Новости"
    (found,) = candidates(html.partition(">")[2].encode("cp1251"), PAGE, "windows-1251")
    assert found.title == "Новости"
    assert len(candidates(html.encode(), PAGE, "no-such-charset")) == 1
    assert len(candidates(b"<?xml version='1.0'?>" + html.encode(), PAGE)) == 1


@pytest.mark.parametrize(
    "piece", ["<a href=/feed>", "<div>", "<link rel=feed href=/a>", "<", "\0", "<a href='/rss'>x <b>"]
)
def test_no_page_takes_long(piece: str) -> None:
    """XM-09, XM-27: a megabyte and a half is looked at."""
    started = time.process_time()
    candidates(piece.encode() * (5_000_000 // len(piece)), PAGE)
    assert time.process_time() - started < 8


@given(st.text(st.sampled_from("<>/='\" \nalinkhreftypebs:")) | st.text())
def test_any_page_is_read(html: str) -> None:
    for each in candidates(html.encode(errors="replace"), PAGE):
        assert each.url.startswith(("http://", "https://"))


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the test corpus is not beside this checkout")
@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("feedreader/orf.html", "https://rss.orf.at/news.xml"),
        ("feedreader/stackoverflow.html", "https://site.example/feeds"),
        ("feedreader/stadtfeuerwehrweiz.html", "http://www.stadtfeuerwehr-weiz.at/rss/einsaetze.xml"),
        ("picofeed/html_page.html", "http://www.lemonde.fr/europe/rss_full.xml"),
        ("picofeed/html_reader_cabinporn.html", "https://cabinporn.com/rss"),
        ("picofeed/html_reader_linuxfr.html", "https://site.example/news.atom"),
        ("picofeed/html_scraper_arstechnica.html", "http://feeds.arstechnica.com/arstechnica/index/"),
        ("picofeed/html_scraper_egscomic.html", "http://egscomics.com/comic/rss"),
        ("rsparser/DaringFireball.html", "https://site.example/feeds/main"),
        ("rsparser/furbo.html", "http://furbo.org/feed/"),
    ],
)
def test_real_pages_name_their_feed_first(page: str, feed: str) -> None:
    assert candidates((CORPUS / page).read_bytes(), PAGE)[0].url == feed
