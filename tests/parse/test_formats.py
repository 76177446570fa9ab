"""Every format that is read: what each is called, and that its entries arrive."""

import json

import pytest

from tests.parse.build import read

RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{}"><channel><title>S</title></channel>'
    "<item><title>T</title><link>https://site.example/1</link></item></rdf:RDF>"
)
ITEM = "<item><title>T</title><link>https://site.example/1</link></item>"
JSON_ITEM = {"id": "1", "url": "https://site.example/1", "title": "T", "content_text": "x"}
LINK = '<link rel="alternate" href="https://site.example/1"/>'


def rss(version: str, *, inside: bool = True) -> str:
    """Return an RSS document of a version; the items of the oldest stand beside the channel."""
    channel = f"<title>S</title>{ITEM if inside else ''}"
    return f'<rss version="{version}"><channel>{channel}</channel>{"" if inside else ITEM}</rss>'


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("rss090", RDF.format("http://my.netscape.com/rdf/simple/0.9/")),
        ("rss10", RDF.format("http://purl.org/rss/1.0/")),
        (
            "xml",  # RSS 1.1, which feedparser reads without knowing its name
            f'<Channel xmlns="http://purl.org/net/rss1.1#"><title>S</title><items>{ITEM}</items></Channel>',
        ),
        ("rss091u", rss("0.91")),
        ("rss092", rss("0.92")),
        ("rss093", rss("0.93")),
        ("rss094", rss("0.94")),
        ("rss20", rss("2.0")),
        ("rss20", rss("2.0", inside=False)),
        (
            "atom03",
            f'<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>S</title><entry><title>T</title>{LINK}</entry></feed>',
        ),
        (
            "atom10",
            f'<feed xmlns="http://www.w3.org/2005/Atom"><title>S</title><entry><title>T</title>{LINK}</entry></feed>',
        ),
        ("json10", json.dumps({"version": "https://jsonfeed.org/version/1", "title": "S", "items": [JSON_ITEM]})),
        ("json11", json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "S", "items": [JSON_ITEM]})),
    ],
)
def test_every_format_gives_its_entries(name: str, body: str) -> None:
    """XM-20 for JSON Feed."""
    feed = read(body.encode())
    (entry,) = feed.entries
    assert entry.title
    assert (feed.format, feed.title, entry.title.value, entry.link) == (name, "S", "T", "https://site.example/1")
