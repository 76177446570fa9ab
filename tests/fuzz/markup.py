"""Feeds put together from the names that readers know, and the pieces that hurt them."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aggregator.parse import strict_entry, strict_feed
from aggregator.parse.elements import _FIELDS, _HARMLESS

_PREFIXES = {
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "cc": "http://web.resource.org/cc/",
    "atom": "http://www.w3.org/2005/Atom",
    "x": "https://x.example/ns",
}
_DECLARED = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in _PREFIXES.items())


def _written(name: str) -> str:
    """Turn ``dc_creator`` into ``dc:creator``."""
    prefix, _, local = name.partition("_")
    return f"{prefix}:{local}" if local and prefix in _PREFIXES else name


_KNOWN = sorted({*strict_entry._TAKERS, *strict_feed._TAKERS, *strict_feed._INERT, *_HARMLESS, *_FIELDS})
_NAMES = st.sampled_from(
    [*map(_written, _KNOWN), "atom:title", "atom:id", "atom:link", "x:title", "x:other", "pubDate"]
)
_HURTS = (
    *("<![CDATA[", "]]>", "<!--", "-->", "<?xml version='1.0'?>", "<?", "?>", "<!DOCTYPE r [<!ENTITY a 'b'>]>", "&a;"),
    *(
        "&amp;",
        "&lt;b&gt;",
        "&",
        "&#0;",
        "&#xD800;",
        "&#55296;",
        "&#x110000;",
        "&nbsp;",
        "&copy",
        "<",
        ">",
        "/>",
        "</",
        '"',
    ),
    *(
        "'",
        "=",
        "<item>",
        "</item>",
        "<entry>",
        "</entry>",
        "</channel>",
        "<channel>",
        "</rss>",
        "</feed>",
        "<title>",
        "{",
    ),
    *(
        "}",
        "[",
        "]",
        ",",
        ":",
        "null",
        '"items":',
        '"url":',
        '"id":1',
        "1e400",
        "\\ud800",
        "\\u0000",
        "\x00",
        "\x0b",
        "\x1b",
    ),
    *(
        "\x85",
        "\u2028",
        "\ufeff",
        "\ufffe",
        "\ud800",
        "\U0010ffff",
        "\u202e",
        "\u00c3\u00a9",
        "\u0093",
        "é",
        "日本",
        " ",
        "\n",
    ),
    *(" xml:base='http://b.example/c/'", " xml:lang='de'", " lang=''", " type='xhtml'", " mode='base64'", " xmlns='u'"),
    *(
        " href='/h'",
        " url='u'",
        " rel='self'",
        " isPermaLink='false'",
        "https://s.example/1",
        "file:///etc/passwd",
        "a@b.example",
    ),
    *(
        "<div xmlns='http://www.w3.org/1999/xhtml'>",
        "<svg>",
        "<script>",
        "2026-06-24T10:00:00Z",
        "2026",
        "(",
        "),",
        "-1",
    ),
)
TOKENS = st.sampled_from(_HURTS) | _NAMES.map(lambda name: f"<{name}>") | _NAMES | st.text(max_size=4)
_TEXTS = st.sampled_from(
    [
        *(
            "",
            " ",
            "one",
            "&lt;p&gt;two&lt;/p&gt;",
            "A &amp;amp; B",
            "a@b.example (Bo)",
            "Bo (a@b.example)",
            "x, y,, x",
            "/1",
        ),
        *(
            "https://s.example/1",
            "2026-06-24T10:00:00Z",
            "Wed, 24 Jun 2026 10:00:00 GMT",
            "60",
            "caf\u00c3\u00a9",
            "\u0093q",
        ),
        *(
            "<![CDATA[<b>c</b> &amp; d]]>",
            "a<!-- no -->b",
            "x<?pi y?>z",
            "&#233;",
            "true",
            "de-AT",
            "http:///x",
            "&lt;3 a&b;",
        ),
    ]
) | st.text(st.characters(exclude_characters="<&\r", exclude_categories=["Cs", "Cc"]), max_size=8)
_MARKS = st.sampled_from(
    [
        *("", "", "", " type='html'", " type='text/html'", " type='text'", " type='image/png'", " type='Audio/MPEG'"),
        *(
            " url='u'",
            " href='/h'",
            " href=''",
            " uri='v'",
            " rel='self'",
            " rel='ENCLOSURE'",
            " rel='via'",
            " length='5'",
        ),
        *(
            " isPermaLink='false'",
            " ispermalink='TRUE'",
            " xml:lang='fr_CA'",
            " lang='it'",
            " xml:lang=''",
            " term='t'",
        ),
        *(" label='L'", " scheme='s'", " domain='d'", " medium='image'", " mode='escaped'", " src='s'", " text='w'"),
        *(" x:type='html'", " rdf='1'", " name='n'", " role='author'", " title='U'", " hreflang='en'", " value='v'"),
    ]
)
_ELEMENTS = st.recursive(
    st.builds("<{0}{1}{2}>{3}</{0}>".format, _NAMES, _MARKS, st.just(""), _TEXTS),
    lambda inner: st.builds(
        lambda name, mark, text, parts: f"<{name}{mark}>{text}{''.join(parts)}</{name}>",
        *(_NAMES, _MARKS, _TEXTS, st.lists(inner, max_size=3)),
    ),
    max_leaves=5,
)
_INNER = st.lists(_ELEMENTS, max_size=7).map("".join)


@st.composite
def _feeds(draw: DrawFn) -> str:
    head, mark = draw(st.lists(_ELEMENTS, max_size=3).map("".join)), draw(_MARKS)
    entries = draw(st.lists(_INNER, max_size=3))
    match draw(st.sampled_from(("rss", "rss", "rss 0.91", "atom", "atom", "atom 0.3", "rdf"))):
        case "atom":
            items = "".join(f"<entry>{entry}</entry>" for entry in entries)
            return f'<feed xmlns="http://www.w3.org/2005/Atom" {_DECLARED}{_unlike(mark)}>{head}{items}</feed>'
        case "atom 0.3":
            items = "".join(f"<entry>{entry}</entry>" for entry in entries)
            return f'<feed version="0.3" xmlns="http://purl.org/atom/ns#" {_DECLARED}>{head}{items}</feed>'
        case "rdf":
            items = "".join(f'<item rdf:about="{n}">{entry}</item>' for n, entry in enumerate(entries))
            return f"{_RDF} {_DECLARED}><channel>{head}</channel>{items}{draw(_ELEMENTS)}</rdf:RDF>"
        case version:
            items = "".join(f"<item{draw(_MARKS)}>{entry}</item>" for entry in entries)
            number = "0.91" if version.endswith("91") else "2.0"
            return f'<rss version="{number}" {_DECLARED}><channel{mark}>{head}{items}</channel></rss>'


_RDF = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'


def _unlike(mark: str) -> str:
    return mark if "x:" not in mark else ""


FEEDS = _feeds()
