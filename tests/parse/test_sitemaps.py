"""Sitemaps as feeds: news, dated pages, and indexes."""

import gzip
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse import parse
from aggregator.parse.parts import united
from tests.parse.build import NOW, URL, read, refused

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
    'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)


def urlset(*rows: str) -> bytes:
    """Return a sitemap."""
    return f"<?xml version='1.0'?><urlset {NAMESPACES}>{''.join(rows)}</urlset>".encode()


def page(path: str, changed: str = "") -> str:
    """Return a row of a plain sitemap."""
    return f"<url><loc>https://feed.example{path}</loc>{changed and f'<lastmod>{changed}</lastmod>'}</url>"


def news(path: str, title: str, date: str = "2026-06-30T10:00:00+02:00") -> str:
    """Return a row of a news sitemap."""
    publication = (
        "<news:publication><news:name>The Paper</news:name><news:language>en</news:language></news:publication>"
    )
    said = f"<news:publication_date>{date}</news:publication_date><news:title>{title}</news:title>"
    picture = "<image:image><image:loc>/picture.png</image:loc><image:title>No title</image:title></image:image>"
    more = "<news:keywords>economy, trade,economy</news:keywords>"
    return f"<url><loc>https://feed.example{path}</loc><news:news>{publication}{said}{more}</news:news>{picture}</url>"


def index(*rows: tuple[str, str]) -> bytes:
    """Return an index of (address, date)."""
    maps = (f"<sitemap><loc>{url}</loc>{date and f'<lastmod>{date}</lastmod>'}</sitemap>" for url, date in rows)
    return f"<sitemapindex {NAMESPACES}>{''.join(maps)}</sitemapindex>".encode()


def test_a_news_sitemap_is_a_feed() -> None:
    feed = read(urlset(news("/a?x=1&amp;y=2", "R&amp;D <![CDATA[<now>]]>"), page("/about", "2026-01-01")))
    assert (feed.format, feed.title, feed.link) == ("sitemap-news", "The Paper", "https://feed.example/")
    (entry,) = feed.entries
    assert entry.title
    assert (entry.link, entry.title.value, entry.title.html) == ("https://feed.example/a?x=1&y=2", "R&D <now>", False)
    assert (entry.published, entry.updated) == (datetime(2026, 6, 30, 8, tzinfo=UTC), None)
    assert (entry.language, entry.categories) == ("en", ("economy", "trade"))
    assert (entry.image, entry.guid) == ("https://feed.example/picture.png", None)


def test_a_plain_sitemap_gives_its_dated_pages() -> None:
    """Its entries have neither title nor date of publication."""
    feed = read(urlset(page("/a", "2026-06-01"), page("/about")))
    assert feed.format == "sitemap"
    (entry,) = feed.entries
    assert (entry.link, entry.title) == ("https://feed.example/a", None)
    assert (entry.published, entry.updated) == (None, datetime(2026, 6, 1, tzinfo=UTC))


def test_a_sitemap_without_dates_is_no_feed() -> None:
    assert "without pages with news or dates" in refused(urlset(page("/a"), page("/b"))).message


def test_a_news_sitemap_may_be_empty() -> None:
    """ST-32: nothing was published for two days."""
    assert read(urlset()).entries == ()
    assert read(f"<urlset {NAMESPACES}/>".encode()).entries == ()


def test_names_of_elements_count_whatever_their_prefix() -> None:
    body = urlset(news("/a", "A")).decode().replace("news:", "n:").replace("xmlns:n:", "xmlns:n")
    body = (
        body.replace("<url>", "<sm:url xmlns:sm='u'>")
        .replace("</url>", "</sm:url>")
        .replace('xmlns:news="', 'xmlns:n="')
    )
    assert len(read(body.encode()).entries) == 1


def test_beyond_the_cap_the_oldest_pages_are_left_out() -> None:
    """DD-14."""
    rows = [page(f"/{day}", f"2026-05-{day:02}") for day in (3, 9, 1, 7)]
    feed = read(urlset(*rows), max_entries=2)
    assert [entry.link for entry in feed.entries] == ["https://feed.example/9", "https://feed.example/7"]
    assert feed.left_out == 2


def test_flaws_cost_only_what_they_touch() -> None:
    """XM-16, XM-23."""
    feed = read(urlset(news("/a", "R&D"), page("/b")) + b"<!-- 0.2 s -->")
    assert [entry.link for entry in feed.entries] == ["https://feed.example/a"]
    assert feed.entries[0].title
    assert feed.entries[0].title.value == "R&D"
    whole = urlset(news("/a", "A"), news("/b", "B"))
    feed = read(whole[: whole.rindex(b"</news:title>")])
    assert [entry.link for entry in feed.entries] == ["https://feed.example/a"]
    assert feed.flaw == "cut short: <urlset> is never closed"
    assert refused(whole[:400]).kind == "malformed"


def test_an_index_names_the_parts_worth_reading() -> None:
    """News first, then the newest, five at most; of its own origin only."""
    rows = [(f"https://feed.example/map-{day}.xml", f"2026-05-{day:02}") for day in range(1, 9)]
    strangers = [("https://other.example/news.xml", ""), ("http://10.0.0.1/", ""), ("file:///etc/passwd", "")]
    feed = read(index(*strangers, *rows, ("/news-map.xml", "")))
    assert feed.entries == ()
    assert [part.url.rpartition("/")[2] for part in feed.parts] == [
        "news-map.xml",
        *(f"map-{day}.xml" for day in (8, 7, 6, 5)),
    ]
    assert feed.parts[1].changed == datetime(2026, 5, 8, tzinfo=UTC)
    assert "sitemaps of its own host" in refused(index(*strangers)).message


def _parsed(body: bytes) -> ParsedFeed | Unreadable:
    return parse(body, url=URL, content_type=None, now=NOW)


def test_parts_are_one_feed() -> None:
    """News where there is any; a part that is none is a flaw; only parts that are all none are a failure."""
    whole = read(index(("/1.xml", ""), ("/2.xml", "")))
    pages = _parsed(urlset(page("/a", "2026-05-01"), page("/b", "2026-05-02")))
    plain = united(whole, [pages, _parsed(urlset(page("/c", "2026-05-03"))), _parsed(b"<html>")], max_entries=2)
    assert isinstance(plain, ParsedFeed)
    assert [entry.link for entry in plain.entries] == ["https://feed.example/b", "https://feed.example/c"]
    assert (plain.left_out, plain.parts) == (1, ())
    assert plain.flaw
    both = united(whole, [pages, _parsed(urlset(news("/n", "N")))])
    assert isinstance(both, ParsedFeed)
    assert (both.format, both.title, len(both.entries)) == ("sitemap-news", "The Paper", 1)
    assert isinstance(united(whole, [_parsed(b"<html>")]), Unreadable)


def test_a_sitemap_may_be_a_gzip_file() -> None:
    """HX-02: and what it unpacks to has an end."""
    assert len(read(gzip.compress(urlset(news("/a", "A")))).entries) == 1
    assert "gzip" in refused(gzip.compress(urlset(news("/a", "A")))[:-9]).message
    assert "gzip" in refused(gzip.compress(bytes(50_000_000))).message


@pytest.mark.parametrize(
    "body",
    [
        urlset(*[page("/a", "2026-01-01")] * 50_000),
        urlset("<url>" * 200_000),
        urlset("<url><loc>x</loc>" * 100_000),
        urlset("<url><" * 200_000),
        urlset(f"<url><loc>/a</loc><news:title>{'x' * 5_000_000}</news:title></url>"),
        index(*[("https://feed.example/a", "2026-01-01")] * 50_000),
    ],
    ids=lambda body: str(len(body)),
)
def test_no_sitemap_takes_long(body: bytes) -> None:
    """XM-09, XM-26, XM-27."""
    start = time.process_time()
    parse(body, url=URL, content_type=None, now=NOW)
    assert time.process_time() - start < 5


def test_entities_of_sitemaps_are_never_expanded() -> None:
    """XM-01, XM-02, XM-03, XM-04, XM-05."""
    bomb = '<!DOCTYPE urlset [<!ENTITY a "ha"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
    body = urlset(news("/a", "1&a;2&x;3")).replace(b"<urlset", bomb.encode() + b"<urlset")
    (entry,) = read(body).entries
    assert entry.title
    assert entry.title.value == "1&a;2&x;3"


@given(st.text(st.sampled_from("<>/&;=' \naurlsetlocnews:")) | st.text())
def test_any_text_in_a_sitemap_gives_a_value(text: str) -> None:
    """XM-27."""
    for body in (urlset(text), index((text, text))):
        assert isinstance(_parsed(body), ParsedFeed | Unreadable)
