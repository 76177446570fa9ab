"""Feeds as OPML, and back."""

import re
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.feeds import read_import, to_opml
from aggregator.model import FeedConfig

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
NAMES = st.text(max_size=20).map(lambda text: " ".join(CONTROL.sub("", text).split())).filter(bool)
FEEDS = st.builds(
    FeedConfig,
    url=st.integers(0, 10**6).map(
        lambda number: f"https://f{number}.example/feed?a=1&b='\"<{number}>".replace(" ", "")
    ),
    name=st.none() | NAMES,
    tags=st.lists(NAMES, max_size=4, unique=True).map(tuple),
    interval=st.none() | st.integers(1, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    enabled=st.booleans(),
)


def read_back(text: str) -> list[FeedConfig]:
    """Import what was exported."""
    rows, repeated, refused = read_import("x.opml", text.encode(), ())
    assert (repeated, refused) == ((), ())
    return [row.feed for row in rows]


@given(st.lists(FEEDS, max_size=5, unique_by=lambda feed: feed.url))
def test_what_was_exported_is_imported_as_it_was(feeds: list[FeedConfig]) -> None:
    """OP-08: names, tags, intervals and pauses; and any XML parser reads it."""
    text = to_opml(feeds, with_secrets=False)
    assert sorted(read_back(text), key=lambda feed: feed.url) == sorted(feeds, key=lambda feed: feed.url)
    assert to_opml(read_back(text), with_secrets=False) == text
    root = etree.fromstring(text.encode())
    assert {node.get("xmlUrl") for node in root.iter("outline")} - {None} == {feed.url for feed in feeds}


def test_folders_are_what_other_readers_know() -> None:
    feeds = [
        FeedConfig(url="https://a.example/", name="A & <B>", tags=("News", "en", "daily")),
        FeedConfig(url="https://b.example/"),
        FeedConfig(url="https://c.example/", tags=("News",), enabled=False, interval=timedelta(hours=2)),
    ]
    assert to_opml(feeds, with_secrets=False).partition("<body>\n")[2] == (
        '    <outline text="News">\n'
        '      <outline type="rss" text="A &amp; &lt;B&gt;" xmlUrl="https://a.example/" category="en,daily"/>\n'
        '      <outline type="rss" text="https://c.example/" xmlUrl="https://c.example/"'
        ' aggregator:interval="2h" aggregator:enabled="false"/>\n'
        "    </outline>\n"
        '    <outline type="rss" text="https://b.example/" xmlUrl="https://b.example/"/>\n'
        "  </body>\n</opml>\n"
    )


def test_credentials_stay_here_unless_asked_for() -> None:
    """OP-08, HT-16."""
    feeds = [FeedConfig(url="https://me:s%40cret@a.example/feed?mail=a@b.example")]
    text = to_opml(feeds, with_secrets=False)
    assert "cret" not in text
    assert [feed.url for feed in read_back(text)] == ["https://a.example/feed?mail=a@b.example"]
    assert read_back(to_opml(feeds, with_secrets=True)) == feeds


def test_control_characters_do_not_reach_the_file() -> None:
    text = to_opml([FeedConfig(url="https://a.example/", name="a\x1b[2J\x00b\nc", tags=(" ",))], with_secrets=False)
    etree.fromstring(text.encode())
    assert "a\ufffd[2J\ufffdb c" in text
