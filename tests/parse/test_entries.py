"""What an entry says, as its feed said it."""

import pytest

from aggregator.model import Content, Enclosure
from tests.parse.build import URL, atom, entry, read, rss

SITE = "https://site.example/"


def _title(markup: str) -> tuple[str, bool] | None:
    title = entry(rss(f"<title>{markup}</title>")).title
    return (title.value, title.html) if title else None


@pytest.mark.parametrize(
    ("markup", "value", "html"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry", False),
        ("It&amp;apos;s", "It's", False),
        ("Jokes &amp;#8216;x&amp;#8217;", "Jokes &#8216;x&#8217;", True),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "<b>Bold</b> news", True),
        ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>", False),
        ("&amp;lt;img onerror&amp;gt;", "&lt;img onerror&gt;", True),
        ("List&lt;T&gt; &amp;amp; more", "List<T> & more", False),
        ("AT&amp;T &amp;copy it", "AT&T &copy it", False),
        ("70&amp;#39s", "70's", False),
        ("<![CDATA[A & B]]>", "A & B", False),
    ],
)
def test_a_title_is_decoded_once_and_typed(markup: str, value: str, *, html: bool) -> None:
    """XS-18, XS-19."""
    assert _title(markup) == (value, html)


def test_an_atom_title_is_what_its_type_says() -> None:
    by_type = {
        kind: entry(atom(f'<title type="{kind}">{markup}</title>')).title
        for kind, markup in (
            ("text", "1 &lt; 2 &amp;amp; 3"),
            ("html", "&lt;b&gt;x&lt;/b&gt;"),
            ("xhtml", '<div xmlns="http://www.w3.org/1999/xhtml"><b>x</b></div>'),
        )
    }
    assert by_type == {
        "text": Content(value="1 < 2 & 3", html=False, base=URL),
        "html": Content(value="<b>x</b>", html=True, base=URL),
        "xhtml": Content(value="<b>x</b>", html=True, base=URL),
    }


def test_a_description_is_the_summary_and_encoded_content_the_content() -> None:
    item = entry(rss("<description>Short</description><content:encoded>&lt;p&gt;Long text&lt;/p&gt;</content:encoded>"))
    assert item.summary == Content(value="Short", html=True, base=SITE)
    assert item.content == Content(value="<p>Long text</p>", html=True, base=SITE)


def test_a_summary_that_repeats_the_content_is_left_out() -> None:
    item = entry(rss("<content:encoded>x</content:encoded><description>x</description>"))
    assert (item.summary, item.content and item.content.value) == (None, "x")


def test_a_caption_is_no_content() -> None:
    item = entry(rss("<description>The whole story</description><media:description>A photo</media:description>"))
    assert (item.summary and item.summary.value, item.content) == ("The whole story", None)


def test_the_longest_html_content_is_taken() -> None:
    item = entry(
        atom(
            '<content type="text">plain but the longest of all</content><content type="html">&lt;p&gt;one</content>'
            '<content type="html">&lt;p&gt;one two</content><content type="image/png">aGVsbG8=</content>'
        )
    )
    assert item.content == Content(value="<p>one two", html=True, base=URL)


def test_markup_is_left_for_the_sanitiser_untouched() -> None:
    raw = "&lt;p onclick=x&gt;&lt;a href='/rel'&gt;a&lt;/a&gt;"
    content = entry(rss(f"<content:encoded>{raw}</content:encoded>")).content
    assert content
    assert content.value == "<p onclick=x><a href='/rel'>a</a>"


def test_relative_links_follow_the_feed_link_then_the_feed_url() -> None:
    """UR-34."""
    assert entry(rss("<link>/a</link>")).link == "https://site.example/a"
    assert entry(rss("<link>a</link>", channel="<title>t</title>")).link == "https://feed.example/blog/a"
    assert entry(rss("<link>//cdn.example/a</link>")).link == "https://cdn.example/a"


def test_xml_base_applies_per_element() -> None:
    """UR-35; a javascript: base is ignored (UR-34)."""
    item = entry(
        atom(
            '<title>t</title><link href="a"/><content type="html" xml:base="post/">x</content>',
            attributes='xml:base="https://base.example/b/"',
        )
    )
    assert item.link == "https://base.example/b/a"
    assert item.content
    assert item.content.base == "https://base.example/b/post/"
    item = entry(atom('<title>t</title><link href="a"/>', attributes='xml:base="javascript:x"'))
    assert (item.link, item.title and item.title.base) == ("https://feed.example/blog/a", URL)


@pytest.mark.parametrize(
    "links",
    [
        '<link rel="self" href="https://site.example/self"/>',
        '<link rel="enclosure" href="https://site.example/a.mp3"/>',
        '<link href="javascript:alert(1)"/>',
        '<link href=" "/>',
        "",
    ],
)
def test_no_usable_alternate_is_no_link(links: str) -> None:
    """ID-17, UR-33: a guid is never passed off as the link."""
    assert entry(atom(f"<id>https://site.example/id</id>{links}")).link is None


def test_a_guid_is_not_taken_for_the_link() -> None:
    """ID-04: whether it may stand in is decided elsewhere."""
    item = entry(rss("<guid>https://site.example/1</guid>"))
    assert (item.guid, item.guid_is_permalink, item.link) == ("https://site.example/1", True, None)


def test_the_html_alternate_is_preferred() -> None:
    """ID-18."""
    item = entry(
        atom('<link href="https://a.example/1"/><link type="application/pdf" href="https://a.example/1.pdf"/>')
    )
    assert item.link == "https://a.example/1"
    assert (
        entry(atom('<link type="application/pdf" href="https://a.example/1.pdf"/>')).link == "https://a.example/1.pdf"
    )


def test_the_source_behind_feedburner_is_preferred() -> None:
    """ID-19."""
    links = "<link>https://proxy.example/~r/1</link><feedburner:origLink>https://site.example/1</feedburner:origLink>"
    assert entry(rss(links)).link == "https://site.example/1"


def test_dates_are_read_from_what_was_written() -> None:
    """DT-26, DT-29: a lone dc:date is RSS's date of publication, a lone updated is not Atom's."""
    both = entry(rss("<pubDate>Mon, 01 Jan 2024 10:00 EST</pubDate><dc:date>2024-01-02T00:00:00Z</dc:date>"))
    assert (str(both.published), str(both.updated)) == ("2024-01-01 15:00:00+00:00", "2024-01-02 00:00:00+00:00")
    assert both.published_raw == "Mon, 01 Jan 2024 10:00 EST"
    lone = entry(rss("<dc:date>2024-01-02T00:00:00Z</dc:date>"))
    assert (str(lone.published), lone.updated) == ("2024-01-02 00:00:00+00:00", None)
    changed = entry(atom("<updated>2024-01-02T00:00:00Z</updated>"))
    assert (changed.published, str(changed.updated)) == (None, "2024-01-02 00:00:00+00:00")
    assert changed.date_flags == ("missing",)


def test_people_topics_and_languages_are_kept() -> None:
    item = entry(
        rss(
            "<dc:creator>Jane</dc:creator><dc:creator>Jo</dc:creator><dc:creator>Jo</dc:creator>"
            "<category>News</category><category><![CDATA[Tech & more]]></category><dc:language>de-AT</dc:language>"
            '<source url="https://origin.example/feed">Origin</source>'
        )
    )
    assert item.authors == ("Jane", "Jo")
    assert item.categories == ("News", "Tech & more")
    assert (item.language, item.source_url) == ("de-AT", "https://origin.example/feed")
    tagged = entry(atom('<category term="t1" label="Label"/><author><email>a@b.example</email></author>'))
    assert (tagged.categories, tagged.authors) == (("Label",), ("a@b.example",))


def test_an_address_before_a_name_is_left_out() -> None:
    assert entry(rss("<author>jane@site.example (Jane)</author>")).authors == ("Jane",)


def test_files_and_images_are_kept_where_their_address_is_sound() -> None:
    """XS-21."""
    item = entry(
        rss(
            '<enclosure url="/a.mp3" type="audio/mpeg" length="12"/><enclosure url="javascript:x"/>'
            '<media:content url="https://site.example/b.jpg" medium="image" fileSize="x"/>'
            '<media:content url="https://site.example/a.mp3"/><media:thumbnail url="data:image/png,x"/>'
        )
    )
    assert item.enclosures == (
        Enclosure(url="https://site.example/a.mp3", type="audio/mpeg", length=12),
        Enclosure(url="https://site.example/b.jpg"),
    )
    assert item.image == "https://site.example/b.jpg"


def test_what_is_too_long_is_cut_and_named() -> None:
    """XM-29."""
    categories = "".join(f"<category>c{number}</category>" for number in range(150))
    item = entry(rss(f"<title>{'x' * 5_000_000}</title><guid>{'g' * 10_000}</guid>{categories}"))
    assert item.title
    assert len(item.title.value) == 4096
    assert item.guid
    assert len(item.guid) == 4096
    assert len(item.categories) == 100
    assert item.truncated == ("guid", "title", "categories")


def test_guids_that_are_too_long_stay_different() -> None:
    """ID-15."""
    first, second = read(rss(*(f"<guid>{'g' * 10_000}{number}</guid>" for number in range(2)))).entries
    assert first.guid != second.guid


def test_text_can_be_stored_anywhere() -> None:
    """XM-17, XM-18, OI-04, ID-15."""
    item = entry(rss("<title>a\x0bb\x00c&#xD800;d&#x9f;&#11;e&#1114112;</title><guid>\x01g\u0080</guid>"))
    assert item.title
    assert item.title.value == "abc\ufffdd\u0178e\ufffd"
    assert item.guid
    item.guid.encode()
