"""Elements that bear the names under which feedparser keeps what it found."""

import pytest

from aggregator.parse.shape import shaped
from tests.parse.build import entry, read, rss

LISTS = ("links", "tags", "authors", "content", "media_content", "media_thumbnail")
OTHERS = ("summary_detail", "image", "source", "author", "language", "published", "id")


@pytest.mark.parametrize("name", [*LISTS, *OTHERS])
@pytest.mark.parametrize("inner", ["x", " a='b'>x", " type='html'>", " value='v'>x"])
def test_an_element_named_like_a_list_costs_that_list_at_most(name: str, inner: str) -> None:
    """XM-24, XM-27: in the feed and in an entry, with attributes and without."""
    odd = f"<{name}{inner if '>' in inner else f'>{inner}'}</{name}>"
    feed = read(rss(f"<title>One</title>{odd}", channel=f"<title>Site</title>{odd}"))
    assert feed.title == "Site"
    (item,) = feed.entries
    assert item.title is not None
    assert item.title.value == "One"


@pytest.mark.parametrize("inner", ["/>", " type='html'>x</title_detail>"])
def test_a_title_that_was_overwritten_is_none(inner: str) -> None:
    feed = read(rss(f"<title>One</title><title_detail{inner}", channel=f"<title>Site</title><title_detail{inner}"))
    assert (feed.title, feed.entries[0].title) == (None, None)


def test_links_that_are_text_are_left_out() -> None:
    """The rest of the entry stays."""
    item = entry(rss("<title>One</title><links>x</links><guid>https://site.example/1</guid>"))
    assert (item.link, item.guid) == (None, "https://site.example/1")


def test_what_has_its_type_stays() -> None:
    fields = {"links": [{"href": "x"}], "title": "t", "title_detail": {"value": "t", "type": "text/plain"}}
    assert shaped({**fields, "tags": "x", "authors": ["x"], "content": [{"type": "text/html"}], "id": None}) == fields
