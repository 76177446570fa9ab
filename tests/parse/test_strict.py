"""The fast path: equal to feedparser wherever it does not decline."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse.charset import decode
from aggregator.parse.document import Document, read_document
from aggregator.parse.entries import Item
from aggregator.parse.shape import shaped
from aggregator.parse.strict import read_strictly
from aggregator.parse.xml import _FEEDPARSER_BUGS, _feed, _feedparser, strictly_parsed

NOW = datetime(2026, 6, 24, tzinfo=UTC)
CORPUS = Path(__file__).parents[2] / "../shared/corpus"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:atom="http://www.w3.org/2005/Atom" xmlns:x="https://x.example/ns"'
)


def both(text: str) -> tuple[ParsedFeed | None, ParsedFeed] | None:
    """Return what the fast path and feedparser give; None for a document that one should not meet or cannot read."""
    document = read_document(text)
    if isinstance(document, Unreadable):
        return None
    try:
        reference = _feedparser(document.doctype, document.text)
    except _FEEDPARSER_BUGS:
        return None
    fast = strictly_parsed(document)
    if fast is None:
        return None, _read({**reference, "bozo": False}, document)
    assert not reference["bozo"], "the fast path took what is not well-formed"
    return _read(fast, document), _read(reference, document)


def _read(result: object, document: Document) -> ParsedFeed:
    assert isinstance(result, dict)
    items: list[Item] = [shaped(entry) for entry in result["entries"]]
    return _feed(result, items, document, url="https://base.example/feed", now=NOW, max_entries=1000)


def rss(items: str, channel: str = "<title>T</title><link>https://s.example/</link>") -> str:
    """Return an RSS document with every namespace."""
    return f'<rss version="2.0" {NAMESPACES}><channel>{channel}{items}</channel></rss>'


TAKEN = {
    "plain": rss("<item><title>A &amp;amp; B</title><link>https://s.example/1</link><guid>g</guid></item>"),
    "text that looks like HTML": rss("<item><title>&lt;b&gt;bold&lt;/b&gt; R&amp;amp;D</title></item>"),
    "two titles": rss("<item><title/><media:title>M</media:title><title>T</title><dc:title>D</dc:title></item>"),
    "a title in a media group": rss(
        "<item><media:group><media:title>M</media:title><media:content url='u.jpg' medium='image'/></media:group>"
        "<title>T</title></item>"
    ),
    "description twice": rss("<item><description>one</description><description>two, longer</description></item>"),
    "summary of a podcast": rss("<item><description>d</description><itunes:summary>s s s</itunes:summary></item>"),
    "content, then description": rss(
        "<item><content:encoded>&lt;p&gt;all&lt;/p&gt;</content:encoded><description>d</description></item>"
    ),
    "summary in the channel": rss(
        "<item><description>d</description><itunes:summary>s</itunes:summary></item>",
        "<itunes:summary>c</itunes:summary><description>e</description><title>T</title>",
    ),
    "people": rss(
        "<item><author>a@b.example (Ann B)</author><dc:creator>Bo</dc:creator></item><item><dc:creator/></item>"
    ),
    "categories": rss(
        "<item><category domain='d'>one</category><category/><dc:subject>two</dc:subject>"
        "<itunes:keywords>a, b,,c</itunes:keywords><media:keywords>k</media:keywords></item>"
    ),
    "guids": rss("<item><guid isPermaLink='false'>1</guid></item><item><guid>/2</guid><link/></item>"),
    "links": rss(
        "<item><link>https://s.example/?a=1&amp;amp;b=2</link><atom:link rel='self' href='/x'/></item>"
        "<item><atom:link href='/only'/></item>"
    ),
    "files": rss(
        "<item><enclosure url='a.mp3' type='Audio/MPEG' length='12'/><media:thumbnail url='t.png'/>"
        "<itunes:image href='i.png'/><media:content url='v.mp4' type='video/mp4' fileSize='9'/></item>"
    ),
    "source": rss("<item><title>T</title><source url='https://o.example/'>O</source><title>U</title></item>"),
    "unknown": rss("<item><x:foo a='1'><x:bar>b</x:bar></x:foo><x:title>no</x:title><title>T</title></item>"),
    "mojibake": rss("<item><title>caf\u00c3\u00a9 \u0093quoted\u0094</title></item>"),
    "languages": rss("<item xml:lang='de_AT'><title lang=''>T</title><description>d</description></item>"),
    "CDATA and comments": rss("<item><title>a<!-- no -->b<![CDATA[<c>]]></title></item>"),
    "hints": rss("", "<title>T</title><ttl>60</ttl><skipHours><hour>3</hour></skipHours><language>en-us</language>"),
    "Atom": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title type="html">T &amp;lt;b></title>'
        '<link rel="self" href="/self"/><link href="https://s.example/"/><id>f</id>'
        '<entry><title>E</title><id>urn:1</id><link rel="enclosure" href="e.mp3"/>'
        "<updated>2026-01-01T00:00:00Z</updated>"
        "<author><name>A</name><email>a@b.example</email></author><author><uri>/u</uri></author>"
        '<summary>s</summary><content type="html">&lt;p&gt;c&lt;/p&gt;</content>'
        '<category term="t" label="L"/></entry></feed>'
    ),
    "Atom 0.3": (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title mode="escaped" type="text/html">T</title>'
        "<entry><title>E</title><issued>2004-01-01</issued><modified>2004-01-02</modified><id>i</id></entry></feed>"
    ),
    "an unknown default namespace": rss("<item><foo xmlns='https://y.example/'>T</foo></item>"),
    "XHTML": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:h="http://www.w3.org/1999/xhtml">'
        '<entry><title type="xhtml"> <div xmlns="http://www.w3.org/1999/xhtml"> <b>R&amp;D</b> </div>\n</title>'
        '<content type="xhtml" xml:lang="de"><div xmlns="http://www.w3.org/1999/xhtml" xml:base="x/">'
        '<p CLASS="a &quot;b">a &lt; b<br/>'
        'c<!-- no --><![CDATA[<d>]]></p><a href="/x?a&amp;b" REL="Me">e</a></div></content></entry>'
        '<entry><title type="xhtml">a &amp; b</title>'
        '<summary type="application/xhtml+xml"><h:div>1</h:div><h:div/></summary>'
        '<content type="xhtml"><p>no div</p></content></entry></feed>'
    ),
    "XHTML in Atom 0.3": (
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>T</title>'
        '<info mode="xml" type="text/html"><div xmlns="http://www.w3.org/1999/xhtml">see <a href="x">x</a></div></info>'
        "<entry><title>E</title>"
        '<content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml"><p>c</p></div></content></entry></feed>'
    ),
    "a DOCTYPE": '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "x">'
    + rss("<item><title>T</title></item>"),
    "a base": (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://s.example/a/../b/"><id>../f</id>'
        '<link href="home"/>'
        '<entry xml:base="c/"><title xml:base="">E</title><id>urn:1</id><link href="1?a=1&amp;amp;b=2"/>'
        '<content type="html" xml:base="/d/">&lt;a href="x"></content><author><name>A</name><uri>u</uri></author>'
        '</entry><entry><id>2</id><link rel="enclosure" href="e.mp3"/><summary>s</summary></entry></feed>'
    ),
    "a base that is not the root's": rss(
        "<item xml:base='https://b.example/'><title>T</title></item><item><x:y base='z/'/><link>2</link></item>"
    ),
    "a relative base": '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="foo/bar"><entry><id>1</id></entry></feed>',
    "a base of another scheme": rss("<item><title>T</title><link>1</link><guid>g</guid></item>").replace(
        "<rss", "<rss xml:base='javascript:x'"
    ),
    "RDF": (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://s.example/"><title>T</title>'
        "<link>https://s.example/</link><dc:language>ja</dc:language><items><rdf:Seq/></items></channel>"
        "<image><title>I</title><url>i.png</url><link>https://i.example/</link></image>"
        '<item rdf:about="https://s.example/1"><title>E</title><dc:date>2026-01-01T00:00:00Z</dc:date></item></rdf:RDF>'
    ),
}
DECLINED = {
    "markup in a title": rss("<item><title>a <b>c</b></title></item>"),
    "a title within XHTML": TAKEN["Atom"].replace(
        'type="html">&lt;p&gt;c&lt;/p&gt;', 'type="xhtml"><p><title>c</title></p>'
    ),
    "drawings within XHTML": TAKEN["Atom"].replace('type="html">&lt;p&gt;c&lt;/p&gt;', 'type="xhtml"><svg/>'),
    "not well-formed": rss("<item><title>R & D</title></item>"),
    "an undeclared prefix": rss("<item><nobody:title>T</nobody:title></item>"),
    "a well-known prefix for something else": rss("<item><title>T</title></item>").replace(
        "http://purl.org/dc/elements/1.1/", "http://search.yahoo.com/mrss"
    ),
    "an image in an item": rss("<item><image><url>u</url></image></item>"),
    "an item in an item": rss("<item><title>T</title><item><title>U</title></item></item>"),
    "markup in the channel's description": rss("", "<description><x:a/></description><title>T</title>"),
    "a name that only newer parsers take": rss("<item><title>é</title></item>").replace("<rss ", "<rss \ufffdv='1' "),
    "an attribute beyond ASCII": rss("<item><title é='1'>T</title></item>"),
    "a prefix beyond ASCII": rss("<item xmlns:\ufffd='u'><title>T</title></item>"),
    "an element beyond ASCII": rss("<item><\ufffd/><title>T</title></item>"),
    "another root": "<feed><title>T</title></feed>",
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN.keys())
def test_what_it_takes_is_what_feedparser_reads(text: str) -> None:
    """Field by field: guid, link, title, content, summary, dates, people, categories, files, languages."""
    read = both(text)
    assert read is not None
    fast, reference = read
    assert fast == reference


@pytest.mark.parametrize("text", DECLINED.values(), ids=DECLINED.keys())
def test_what_it_is_not_sure_of_is_left_to_feedparser(text: str) -> None:
    """Declining costs time, being wrong costs a story."""
    assert read_strictly(text) is None


_WORDS = """
title link guid description author category pubDate content:encoded dc:creator dc:date dc:subject media:title
media:description media:group media:content media:thumbnail itunes:summary itunes:keywords itunes:image source enclosure
x:other atom:link language comments
"""
_NAMES = st.sampled_from(_WORDS.split())
_TEXTS = st.sampled_from(("", " ", "one", "&lt;p&gt;two&lt;/p&gt;", "a@b.example (Bo)", "https://s.example/1", "x, y"))
_MARKS = st.sampled_from(
    ("", " type='html'", " url='u'", " href='/h'", " isPermaLink='false'", " xml:lang='fr'", " base='b/'")
)
_ELEMENTS = st.recursive(
    st.builds(lambda name, mark, text: f"<{name}{mark}>{text}</{name}>", _NAMES, _MARKS, _TEXTS),
    lambda inner: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>", _NAMES, st.lists(inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    channel=st.lists(_ELEMENTS, max_size=3),
    items=st.lists(st.lists(_ELEMENTS, max_size=8), max_size=3),
    base=st.sampled_from(("", "https://b.example/x/", "y/")),
)
def test_random_documents_are_equal_or_declined(channel: list[str], items: list[list[str]], base: str) -> None:
    """Elements in any order, number and nesting."""
    text = rss("".join(f"<item>{''.join(item)}</item>" for item in items), "".join(channel))
    read = both(text.replace("<rss", f"<rss xml:base='{base}'"))
    if read is not None and read[0] is not None:
        assert read[0] == read[1]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
@pytest.mark.parametrize(("folder", "least"), [("feeds-real", 400), ("feeds-conformance", 1500)])
def test_every_document_of_the_corpus_is_equal_or_declined(folder: str, least: int) -> None:
    """And most are taken."""
    taken = 0
    for path in sorted((CORPUS / folder).rglob("*.*")):
        if path.is_file() and path.suffix not in {".tsv", ".jsonl", ".json", ".html"}:
            read = both(decode(path.read_bytes(), None).lstrip())
            if read is not None and read[0] is not None:
                taken += 1
                assert read[0] == read[1], path
    assert taken >= least
