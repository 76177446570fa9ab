"""An entry's content made clean."""

import time
from dataclasses import replace

import pytest

from aggregator.model import Entry
from aggregator.normalize.article import normalize
from aggregator.normalize.hashes import content_hash
from tests.normalize.making import content, entry


def test_the_content_is_the_body_and_the_summary_is_the_summary() -> None:
    article = normalize(entry(body="<p>Long <b>words</b>.</p>", summary="<p>Short &amp; good</p>"))
    assert article.body_md == "Long **words**."
    assert article.text == "Long words."
    assert article.summary == "Short & good"


def test_without_content_the_summary_is_the_body() -> None:
    article = normalize(entry(summary="<p>Short</p>"))
    assert (article.body_md, article.text, article.summary) == ("Short", "Short", "")


def test_content_that_shows_nothing_gives_way_to_the_summary() -> None:
    assert normalize(entry(body="<p> </p><script>x</script>", summary="Words")).body_md == "Words"


def test_an_entry_without_text_has_an_empty_body() -> None:
    article = normalize(entry())
    assert (article.body_md, article.text, article.summary) == ("", "", "")


def test_boilerplate_stays_in_the_body_and_leaves_the_text() -> None:
    article = normalize(entry(body='<p>Words.</p><p><a href="/m">Read more of this story</a> at News.</p>'))
    assert article.body_md.endswith("[Read more of this story](https://news.example/m) at News.")
    assert article.text == "Words."


def test_what_a_machine_wrote_leaves_the_body_and_all_that_went_is_counted() -> None:
    """XS-27."""
    post = '<p>The post <a href="/m">Ferry returns</a> appeared first on <a href="/">News</a>.</p>'
    pixels = '<img src="https://x.example/p.gif" width=1 height=1><img src="https://pixel.wp.com/b.gif?host=x">'
    share = '<div class="sharedaddy"><a href="https://twitter.com/share?url=x">Tweet</a></div>'
    article = normalize(entry(body=f'<p>Words.</p><p><a href="/m">Read more</a></p>{post}{share}{pixels}'))
    assert article.body_md == "Words.\n\n[Read more](https://news.example/m)"
    assert article.text == "Words."
    assert article.boilerplate == {"appeared-first": 1, "read-more": 1, "share-widget": 1, "tracking-pixel": 2}


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (content("A &amp; <b>b</b>\n c"), "A & b c"),
        (content("<script>alert(1)</script> x", html=False), "<script>alert(1)</script> x"),
        (content("&lt;script&gt; x"), "<script> x"),
        (content("a\x1b[2J\u2028b", html=False), "a[2J b"),
    ],
)
def test_a_title_is_plain_text_on_one_line(title: object, shown: str) -> None:
    """XS-19, OI-01, OI-12."""
    assert normalize(replace(entry(), title=title)).title == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        (entry(None, body="<p>The ferry is back. It sails.</p>"), "The ferry is back."),
        (entry(None, body=f"<p>{'word ' * 60}</p>"), ("word " * 20).strip() + "…"),
        (entry(None, link="https://www.news.example/2026/ferry?utm_source=rss"), "news.example/2026/ferry"),
        (entry(None, enclosures=["https://cdn.example/a.mp3"]), "cdn.example/a.mp3"),
        (entry(None, guid="x"), "Untitled"),
        (entry(" \n ", body="Words"), "Words"),
    ],
)
def test_a_title_is_never_empty(stated: Entry, title: str) -> None:
    assert normalize(stated).title == title


def test_plain_text_keeps_its_paragraphs_and_its_marks() -> None:
    stated = replace(entry(), content=content("One <b> & *two*\nthree\n\nfour", html=False))
    assert normalize(stated).body_md == "One \\<b> & \\*two\\*  \nthree\n\nfour"
    assert normalize(stated).text == "One <b> & *two*\nthree\n\nfour"


def test_html_without_tags_is_text_unescaped_once() -> None:
    """XS-18."""
    article = normalize(entry(body="AT&amp;T &lt;img src=x onerror=y&gt;\n\nmore"))
    assert article.text == "AT&T <img src=x onerror=y>\n\nmore"
    assert article.body_md == "AT&T \\<img src=x onerror=y>\n\nmore"


@pytest.mark.parametrize("piece", ["](", "![", "*", "<b></b>", "<p>1. ", "<br>- ", '<a href="/x">y</a>', "<b> </b>"])
def test_a_hostile_body_costs_time_in_proportion(piece: str) -> None:
    """XS-28."""
    started = time.monotonic()
    content_hash(normalize(entry(body=piece * (400_000 // len(piece)))))
    assert time.monotonic() - started < 5


def test_links_are_absolute_against_the_base_of_the_text() -> None:
    """UR-35."""
    stated = replace(entry(), content=content('<a href="x">y</a>', base="https://cdn.example/deep/"))
    assert normalize(stated).body_md == "[y](https://cdn.example/deep/x)"
