"""Documents of all kinds: feeds, what only looks like one, and what was made to do harm."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse import parse
from tests.parse.build import NOW, URL, atom, entry, read, refused, rss

ITEM = "<title>one</title>"
BOMB = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def _titles(body: bytes, **how: str) -> list[str]:
    return [item.title.value for item in read(body, **how).entries if item.title]  # type: ignore[arg-type]


def test_a_feed_says_what_it_is() -> None:
    feed = read(rss(ITEM, channel="<title>A &amp; B</title><link>/home</link><language>en-us</language>"))
    assert (feed.format, feed.title, feed.link) == ("rss20", "A & B", "https://feed.example/home")
    assert (feed.language, feed.left_out, feed.flaw) == ("en-us", 0, None)
    feed = read(atom(feed='<title type="html">&lt;b&gt;A&lt;/b&gt;</title>', attributes='xml:lang="fr"'))
    assert (feed.format, feed.title, feed.language, feed.entries) == ("atom10", "A", "fr", ())


def test_a_feed_without_entries_is_a_feed() -> None:
    """ST-32."""
    assert read(rss()).entries == ()


@pytest.mark.parametrize("body", [b"", b" \n\t", b"\xef\xbb\xbf"])
def test_nothing_is_no_feed(body: bytes) -> None:
    """ST-31, XM-19."""
    assert refused(body).kind in ("empty", "not-a-feed")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"<!DOCTYPE html><title>Sign in</title><body><input type='password'>", "login page"),
        (b"<html><head><title>Just a moment...</title></head></html>", "Cloudflare"),
        (b"<html><body>x</body></html>", "HTML page"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"Rar!\x1a", "RAR"),
        (b"ID3\x04", "MP3"),
        (b"\x01\x02" + b"\0" * 99, "binary"),
        (b"hello", "plain text"),
        (b"/etc/passwd", "plain text"),
        (b"http://169.254.169.254/", "plain text"),
        (b"<opml version='2.0'><head/></opml>", "<opml>"),
        (b"<?xml version='1.0'?><urlset/>", "<urlset>"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, words: str) -> None:
    """ST-30, XM-13, XM-25, XM-27."""
    why = refused(body)
    assert why.kind == "not-a-feed"
    assert words in why.message


@pytest.mark.parametrize("between", ["\n", ""])
def test_entities_are_never_expanded(between: str) -> None:
    """XM-01, XM-02, XM-03, XM-04, XM-05: with the DOCTYPE on a line of its own or on the declaration's."""
    prolog = f'<?xml version="1.0"?>{between}'
    body = rss("<title>a&i;b</title>").partition(b"?>")[2].decode()
    assert _titles((prolog + BOMB + "]>" + body).encode()) == ["a&i;b"]
    external = '<!DOCTYPE r [<!ENTITY i SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM "https://x.example/"> %p;]>'
    assert _titles((prolog + external + body).encode()) == ["a&i;b"]


def test_a_plain_doctype_is_read() -> None:
    doctype = (
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.example/rss.dtd">'
    )
    body = f'{doctype}<rss version="0.91"><channel><item><title>caf&eacute;</title></item></channel></rss>'.encode()
    assert (read(body).format, _titles(body)) == ("rss091n", ["café"])


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?>' + b"\n" * 400_000 + rss(ITEM).partition(b"?>")[2],
        b'<?xml version="1.0"?>' + b"<!ENTITY \n" * 100_000 + rss(ITEM).partition(b"?>")[2],
        b"<!--" * 200_000,
        b"<!DOCTYPE a [" * 20_000,
        rss("<x " + " ".join(f'a{number}="1"' for number in range(20_000)) + "/>"),
        rss("<a>" * 20_000 + "</a>" * 20_000),
        rss("<description>" + "<!--" * 20_000 + "</description>"),
        rss(f"<title>x</title><!--{'a' * 2_000_000}-->"),
        rss(f"<author>{'a' * 200_000}</author>"),
        rss("<guid>" * 20_000),
        rss("<skipHours>" * 20_000),
        b"<" * 500_000,
        b"[" * 200_000,
        b'{"a":' * 100_000,
    ],
    ids=lambda body: f"{body[:12]!r}…{len(body)}",
)
def test_no_document_takes_long(body: bytes) -> None:
    """XM-06, XM-07, XM-08, XM-09, XM-10, XM-11, XM-20: what once took seconds or minutes."""
    start = time.process_time()
    parse(body, url=URL, content_type=None, now=NOW)
    assert time.process_time() - start < 3


def test_an_entry_that_was_cut_is_left_out() -> None:
    """XM-16, HX-09."""
    whole = rss("<title>1</title>", "<title>2</title>")
    feed = read(whole[: whole.rindex(b"</title>") - 0])
    assert [item.title.value for item in feed.entries if item.title] == ["1"]
    assert feed.flaw == "cut short: <rss> is never closed"
    assert _titles(whole[: whole.rindex(b"</channel>")]) == ["1", "2"]
    assert refused(rss(ITEM)[:-40]).kind == "malformed"


@pytest.mark.parametrize(
    ("before", "after"),
    [("<br />\n<b>Warning</b>: x in <b>y.php</b><br />\n", ""), ("\n\n  ", "<!-- 0.2 s -->"), ("", "x<y")],
)
def test_what_stands_around_a_feed_is_left_out(before: str, after: str) -> None:
    assert _titles(before.encode() + rss(ITEM) + after.encode()) == ["one"]


def test_a_flaw_costs_no_entry() -> None:
    """XM-23, XM-24, XM-28."""
    feed = read(rss("<title>R&D</title><x:y>1</x:y>", ITEM))
    assert [item.title.value for item in feed.entries if item.title] == ["R&D", "one"]
    assert feed.flaw
    assert "not well-formed" in feed.flaw


def test_beyond_the_cap_the_oldest_are_left_out() -> None:
    """DD-14, XM-26: kept in document order."""
    items = [f"<title>{day}</title><pubDate>{day:02} Jan 2024 00:00:00 GMT</pubDate>" for day in (3, 9, 1, 7)]
    feed = read(rss(*items, ITEM), max_entries=2)
    assert [item.title.value for item in feed.entries if item.title] == ["9", "7"]
    assert feed.left_out == 3


def test_the_same_document_gives_the_same_entries() -> None:
    assert read(rss(ITEM)) == read(rss(ITEM) + b"<!-- generated -->")


def test_nothing_is_read_but_the_body() -> None:
    """XM-13: feedparser opens what looks like a path."""
    assert refused(__file__.encode()).kind == "not-a-feed"


@given(st.binary(max_size=300))
def test_any_bytes_give_a_value(body: bytes) -> None:
    """XM-27."""
    assert isinstance(parse(body, url=URL, content_type=None, now=NOW), ParsedFeed | Unreadable)


PIECES = st.sampled_from(
    [
        *(
            "<item>",
            "</item>",
            "<entry>",
            "</entry>",
            "<title>",
            "</title>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
            "<",
            ">",
        ),
        *("&amp;", "&#xD800;", "&#x110000;", "&bad;", "&", "<a b='c'", "<guid isPermaLink='false'>", "</guid>", "x"),
        *("<link>", "</link>", "<link/>", "<link href='x'/>", "<content type='xhtml'>", "</content>", "<author>"),
        *("</author>", "<source url='x'>", "</source>", "<image>", "</image>", "<media:content/>", "<pubDate>", "\x0b"),
        *(
            "2024-01-01",
            "</pubDate>",
            "\ufffe",
            "<category/>",
            "<media:restriction/>",
            "<media:rating/>",
            "<enclosure/>",
        ),
        *("</media:rating>", "<media:thumbnail/>", "<svg>", "</svg>", "<media:license/>", "</media:license>"),
    ]
)


@given(st.lists(PIECES, max_size=30), st.booleans())
def test_any_markup_gives_a_value(pieces: list[str], as_atom: bool) -> None:
    """XM-24, XM-27."""
    body = atom("".join(pieces)) if as_atom else rss("".join(pieces))
    parsed = parse(body, url=URL, content_type=None, now=NOW)
    if isinstance(parsed, ParsedFeed):
        repr(parsed).encode()


def test_an_entry_without_anything_is_an_entry() -> None:
    item = entry(rss(""))
    assert (item.guid, item.link, item.title, item.published) == (None, None, None, None)
