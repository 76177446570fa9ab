"""More of everything than any feed has."""

import time

import pytest

from aggregator.parse import parse
from tests.parse.build import NOW, URL, atom, entry, read, refused, rss

MANY = 10_000


def _each(markup: str, count: int = MANY) -> str:
    return "".join(markup.format(number) for number in range(count))


@pytest.mark.parametrize(
    ("field", "count", "body"),
    [
        ("categories", 100, rss(_each("<category>c{}</category>"))),
        ("categories", 100, rss(_each("<category><![CDATA[c{}]]></category>", 100_000))),
        ("categories", 100, rss(_each("<dc:subject>c{}</dc:subject>"))),
        ("categories", 100, rss("<itunes:keywords>" + _each("c{},", 100_000) + "</itunes:keywords>")),
        ("categories", 100, rss("<media:keywords><![CDATA[" + _each("c{},", 50_000) + "]]></media:keywords>")),
        ("categories", 100, atom("<title>x</title>" + _each("<category term='c{}'/>", 50_000))),
        ("authors", 50, rss(_each("<dc:creator>a{}</dc:creator>"))),
        ("authors", 50, atom("<title>x</title>" + _each("<author><name>a{}</name></author>"))),
        ("enclosures", 50, rss(_each("<enclosure url='https://x.example/{}' type='a/b' length='1'/>"))),
    ],
    ids=lambda value: str(len(value)) if isinstance(value, bytes) else str(value),
)
def test_of_many_values_the_first_are_kept_and_the_cut_is_told(field: str, count: int, body: bytes) -> None:
    """XM-29, in a moment: feedparser alone takes minutes for 100,000 categories."""
    start = time.process_time()
    item = entry(body)
    assert time.process_time() - start < 3
    assert len(getattr(item, field)) == count
    assert item.truncated == (field,)


def test_a_title_of_five_million_characters_is_cut() -> None:
    """XM-29."""
    item = entry(rss(f"<title>{'a' * 5_000_000}</title>"))
    assert item.title
    assert (len(item.title.value), item.truncated) == (4_096, ("title",))


def test_each_entry_has_categories_of_its_own() -> None:
    """The cap is that of one entry, and what is in no entry counts for itself."""
    feed = read(rss(*["<title>x</title>" + _each("<category>c{}</category>", 90)] * 5))
    assert [len(item.categories) for item in feed.entries] == [90] * 5
    assert feed.flaw is None


def test_categories_too_tangled_to_count_are_refused() -> None:
    assert refused(rss(_each("<category>c<b/>{}</category>"))).kind == "malformed"


def test_entries_without_end_are_refused() -> None:
    """XM-26."""
    assert refused(rss(*[""] * 200_000)).kind == "too-large"


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("value", ["1", ">"])
def test_an_attribute_bomb_is_refused(quote: str, value: str) -> None:
    """XM-08: whatever its quotes hold."""
    bomb = " ".join(f"a{number}={quote}{value}{quote}" for number in range(20_000))
    assert "1,000 attributes" in refused(rss(f"<x {bomb}/>")).message


@pytest.mark.parametrize(
    "body",
    [
        rss(f"<title>x</title><!--{'a' * 9_000_000}-->"),
        rss(f"<title a='{'a' * 9_000_000}'>x</title>"),
        rss(f"<title>{'a' * 9_000_000}</title>"),
        rss("<description>" + "<a " * 300_000 + "</description>"),
        rss("<description>" + "&" * 1_000_000 + "</description>"),
        rss(*["<title>x</title>"] * 20_000),
        rss("<x>" * 100_000),
    ],
    ids=lambda body: f"{body[-60:-40]!r}…{len(body)}",
)
def test_large_tokens_and_garbage_end_in_time(body: bytes) -> None:
    """XM-09, XM-11, XM-26: well within the ten seconds of a worker."""
    start = time.process_time()
    parse(body, url=URL, content_type=None, now=NOW)
    assert time.process_time() - start < 8
