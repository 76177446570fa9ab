"""Elements of a feed, with the meaning that feedparser gives them: its handlers, less the event per line of text.

Comments name the handlers of ``feedparser.mixin`` and ``feedparser.namespaces`` that a rule follows.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from feedparser.api import StrictFeedParser
from feedparser.mixin import _cp1252
from feedparser.util import FeedParserDict


class Declined(Exception):  # noqa: N818 - an answer, not an error
    """This document is for feedparser."""


# Namespace -> the prefix that feedparser knows it by; "" for those of RSS and Atom themselves.
KNOWN: dict[str, str] = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
STANDARD = frozenset(KNOWN.values()) - {""}

HTML_TYPES = ("text/html", "application/xhtml+xml")
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html"}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
REFERENCE = re.compile("&([A-Za-z0-9_]+);")
_C1 = re.compile("[\x80-\x9f]")
_HTML_HINT = re.compile(r"</\w+>|&#?\w+;")
PERSON = frozenset({"name", "email", "uri", "url", "homepage"})
# Names that would set a field we read, if they came where feedparser has no handler for them.
_FIELDS = frozenset(FeedParserDict.keymap) | {
    *("id", "link", "links", "title", "title_detail", "summary", "summary_detail", "content", "published", "updated"),
    *("created", "author", "authors", "author_detail", "tags", "media_content", "media_thumbnail", "image", "language"),
    *("source", "ttl", "sy_updateperiod", "sy_updatefrequency"),
}
# Handlers that touch no field we read, as long as no markup is nested in their element.
_HARMLESS = frozenset(
    (
        *("rights", "copyright", "dc_rights", "generator", "expirationdate", "dc_publisher", "webmaster", "cloud"),
        *("subtitle", "tagline", "itunes_subtitle", "info", "feedburner_browserfriendly", "newlocation"),
        *("itunes_block", "itunes_explicit", "dc_contributor", "admin_generatoragent", "admin_errorreportsto"),
        *("media_credit", "media_rating", "media_player", "media_license", "media_restriction", "georss_point"),
        *("georss_line", "georss_polygon", "georss_box", "name", "email", "url", "uri", "homepage", "width", "height"),
    )
)


def language_of(element: Any, inherited: str | None) -> str | None:
    """Return the language of an element; an empty one is none."""
    if not element.attrib:
        return inherited
    lang = element.get(_XML_LANG, element.get("lang"))
    return inherited if lang is None else lang or None


class Names:
    """Names of elements as feedparser's handlers are named: ``pubdate``, ``dc_creator``."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {uri: prefix for prefix, uri in prefixes.items() if prefix}
        self._seen: dict[str, str] = {}

    def of(self, element: Any) -> str:
        """Return the name. Raises Declined for one whose meaning is open."""
        tag = element.tag
        name = self._seen.get(tag)
        if name is None:
            name = self._seen[tag] = self._named(tag)
        return name

    def _named(self, tag: str) -> str:
        uri, _, local = tag.rpartition("}")
        uri, local = uri[1:].lower(), local.lower()
        prefix = "" if not uri or "backend.userland.com/rss" in uri else KNOWN.get(uri, self._prefixes.get(uri))
        if prefix is None or ":" in local or local in {"svg", "math"} or not tag.isascii():
            raise Declined
        return f"{prefix.lower()}_{local}" if prefix else local


class Context:
    """What feedparser keeps of one entry, or of the feed itself."""

    def __init__(self, names: Names, *, atom: bool, helper: Any) -> None:
        self.fields: dict[str, Any] = {}
        self._names = names
        self._atom = atom
        self._helper = helper
        self._title_depth = -1
        self._depths: dict[str, int] = {}

    def value(self, element: Any) -> str:
        """The element's text, mended as in ``pop``. Raises Declined where markup is nested in it."""
        if len(element):
            raise Declined
        return mended((element.text or "").strip())

    def detail(self, element: Any, lang: str | None, default: str) -> dict[str, Any]:
        """The typed text of ``push_content`` and ``pop``."""
        if len(element) or element.get("mode") == "base64":
            raise Declined
        kind = (element.get("type") or default).lower()
        kind = _TYPES.get(kind, kind)
        raw = (element.text or "").strip()
        if kind not in {"text/plain", "text/html"}:
            raise Declined
        if not self._atom and kind == "text/plain" and _looks_like_html(raw):
            kind = "text/html"
        return {"type": kind, "language": lang and lang.replace("_", "-"), "base": "", "value": mended(raw)}

    def title(self, element: Any, lang: str | None, depth: int, *, counts: bool) -> None:
        detail = self.detail(element, lang, "text/plain")
        if not -1 < self._title_depth <= depth:
            self.keep("title", detail["value"], depth, detail)
        if counts and detail["value"]:
            self._title_depth = depth

    def keep(self, name: str, value: Any, depth: int, detail: dict[str, Any] | None = None) -> None:
        """Keep the outermost value, of equals the last; of the typed text the last (``pop``)."""
        if depth <= self._depths.get(name, depth):
            self._depths[name] = depth
            self.fields[name] = value
        if detail is not None:
            self.fields[f"{name}_detail"] = detail

    def link(self, element: Any) -> None:
        """``_start_link`` and ``_end_link``."""
        link = attributes(element)
        link.setdefault("rel", "alternate")
        link.setdefault("type", "application/atom+xml" if link["rel"] == "self" else "text/html")
        enforce_href(link)
        self.fields.setdefault("links", []).append(link)
        if len(element):
            raise Declined
        if "href" not in link:
            self.text_link(mended((element.text or "").strip()), link)
        elif link["rel"] == "alternate" and _TYPES.get(link["type"], link["type"]) in (*HTML_TYPES, "xhtml"):
            self.fields["link"] = link["href"]

    def text_link(self, text: str, link: dict[str, Any]) -> None:
        text = REFERENCE.sub(r"&\g<1>", text.replace("&amp;", "&"))
        self.fields["link"] = text
        if text:
            link["href"] = text

    def guid(self, element: Any, depth: int) -> None:
        value = self.value(element)
        self.keep("id", value, depth)
        if attributes(element).get("ispermalink", "true") == "true":
            self.fields.setdefault("link", value)

    def other(self, element: Any, name: str) -> None:
        """An element that sets nothing we read. Raises Declined where that is not sure."""
        if name in _HARMLESS and len(element) == 0:
            return
        if name in _FIELDS or hasattr(StrictFeedParser, f"_start_{name}") or hasattr(StrictFeedParser, f"_end_{name}"):
            raise Declined


def attributes(element: Any) -> dict[str, Any]:
    """Return the attributes without a namespace as ``_normalize_attributes`` has them."""
    return {
        (key := name.lower()): value.lower() if key in {"rel", "type"} else value
        for name, value in element.attrib.items()
        if "}" not in name
    }


def enforce_href(attributes_: dict[str, Any]) -> None:
    """Call the address ``href``, whatever it was called (``_enforce_href``)."""
    href = attributes_.get("url", attributes_.get("uri", attributes_.get("href")))
    if href:
        attributes_.pop("url", None)
        attributes_.pop("uri", None)
        attributes_["href"] = href


def mended(text: str) -> str:
    """Undo what ``pop`` undoes: UTF-8 read as Latin-1, and Windows characters in the C1 range."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(_cp1252) if _C1.search(text) else text


def _looks_like_html(text: str) -> bool:
    return bool(_HTML_HINT.search(text)) and bool(StrictFeedParser.looks_like_html(text))
