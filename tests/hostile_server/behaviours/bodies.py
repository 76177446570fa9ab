"""Whole answers whose documents mean harm to who parses them. No two are the same, so each is parsed."""

import functools
import gzip
import itertools
from collections.abc import Callable

from tests.hostile_server.visit import Behaviour, Visit

_DEPTH = 30_000
_ITEM = "<title>{}</title><link>https://example.org/{}</link>"


def _rss(inner: str, *, doctype: str = "") -> str:
    return f'<?xml version="1.0"?>\n{doctype}<rss version="2.0"><channel><title>A feed</title>{inner}</channel></rss>'


def _item(text: str) -> str:
    return f"<item>{_ITEM.format(text, 1)}<description>{text}</description></item>"


def _laughs() -> str:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _rss(_item("&l9;"), doctype=f'<!DOCTYPE rss [<!ENTITY l0 "ha">{entities}]>')


def _quadratic() -> str:
    return _rss(_item("&a;" * 20_000), doctype=f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>')


def _deep_json() -> str:
    return '{"version": "https://jsonfeed.org/version/1.1", "items": ' + "[" * _DEPTH


def _wide_json() -> str:
    return '{"version": "https://jsonfeed.org/version/1.1", "items": [' + '{"":{}},' * 100_000 + "{}]}"


# What it is, and the document.
TEXTS: dict[str, tuple[str, Callable[[], str]]] = {
    "laughs": ("a billion laughs", _laughs),
    "quadratic": ("an entity of 100 KB, used 40,000 times", _quadratic),
    "prolog": ("200,000 comments before the root", lambda: "<!-- and on -->" * 200_000 + _rss(_item("one"))),
    "prolog-long": ("a comment of 5 MB before the root", lambda: f"<!--{'a' * 5_000_000}-->" + _rss(_item("one"))),
    "prolog-open": ("a DTD that never ends", lambda: "<!DOCTYPE rss [" + '<!ENTITY a "b">' * 300_000),
    "deep": ("30,000 elements inside each other", lambda: _rss("<a>" * _DEPTH + "</a>" * _DEPTH)),
    "deep-html": ("a story with 30,000 quotes inside each other", lambda: _rss(_item("&lt;blockquote>" * _DEPTH))),
    "deep-json": ("30,000 lists inside each other", _deep_json),
    "wide-json": ("100,000 empty objects", _wide_json),
    "open-tags": ("3,000,000 tags that never end", lambda: _rss("<item>" + "<a " * 3_000_000)),
    "many-attributes": (
        "an element with 200,000 attributes",
        lambda: _rss("<a" + "".join(f" b{n}='1'" for n in range(200_000)) + "/>"),
    ),
    "many-entries": ("200,000 entries", lambda: _rss("<item/>" * 200_000)),
    "many-stories": (
        "20,000 stories",
        lambda: _rss("".join(f"<item>{_ITEM.format('One', n)}</item>" for n in range(20_000))),
    ),
    "many-names": ("100,000 categories", lambda: _rss(f"<item>{'<category>a</category>' * 100_000}</item>")),
    "long-title": ("a title of 4 MB", lambda: _rss(_item("a" * 4_000_000))),
    "ampersands": ("200,000 stray ampersands", lambda: _rss(_item("&" * 100_000))),
}


def _text(what: str, make: Callable[[], str]) -> Behaviour:
    made = functools.cache(lambda: make().encode())
    count = itertools.count()

    async def answer(visit: Visit) -> None:
        _answer(visit, made() + f"<!-- {next(count)} -->".encode())

    answer.__doc__ = what
    return answer


async def xxe(visit: Visit) -> None:
    """/xxe?URL: a document that wants the text of URL inside, by all the ways there are"""
    doctype = (
        f'<!DOCTYPE rss SYSTEM "{visit.query}?dtd" [<!ENTITY a SYSTEM "{visit.query}">'
        f'<!ENTITY % b SYSTEM "{visit.query}?parameter"> %b;]>'
    )
    include = f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{visit.query}" parse="text"/>'
    styles = f'<?xml-stylesheet href="{visit.query}"?>'
    _answer(visit, _rss(_item(f"&a;{include}"), doctype=styles + doctype).encode())


async def packed_bomb(visit: Visit) -> None:
    """30 MB in a gzip file, which no Content-Encoding tells of"""
    _answer(visit, _packed_bomb())


@functools.cache
def _packed_bomb() -> bytes:
    return gzip.compress(_rss(" " * 30_000_000).encode())


def _answer(visit: Visit, body: bytes) -> None:
    visit.answer(headers=[("Content-Type", "application/xml")], body=body)


BODIES: dict[str, Behaviour] = {
    **{name: _text(*text) for name, text in TEXTS.items()},
    "xxe": xxe,
    "packed-bomb": packed_bomb,
}
