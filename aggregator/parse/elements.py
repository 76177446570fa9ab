"""Elements of a feed, with the meaning that feedparser gives them: its handlers, less the event per line of text.

Comments name the handlers of ``feedparser.mixin`` and ``feedparser.namespaces`` that a rule follows.
"""

import re
from contextlib import suppress
from typing import Any

from feedparser.api import StrictFeedParser
from feedparser.mixin import _cp1252
from feedparser.util import FeedParserDict

from aggregator.parse.names import Declined, Names
from aggregator.parse.scope import Scope
from aggregator.parse.xhtml import markup_within
from aggregator.text.plain import is_printable

_XHTML = "application/xhtml+xml"
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": _XHTML}
HTML_TYPES = ("text/html", _XHTML)
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


class Context:
    """What feedparser keeps of one entry, or of the feed itself."""

    def __init__(self, names: Names, *, version: str, helper: Any) -> None:
        self.fields: dict[str, Any] = {}
        self._names = names
        self._version = version
        self._atom = version.startswith("atom")
        self._helper = helper
        self._title_depth = -1
        self._depths: dict[str, int] = {}

    def value(self, element: Any) -> str:
        """The element's text, mended as in ``pop``. Raises Declined where markup is nested in it."""
        if len(element):
            raise Declined
        return mended((element.text or "").strip())

    def detail(self, element: Any, scope: Scope, default: str) -> dict[str, Any]:
        """The typed text of ``push_content`` and ``pop``."""
        kind = (element.get("type") or default).lower()
        kind = _TYPES.get(kind, kind)
        raw = self._raw(element, kind)
        if not self._atom and kind == "text/plain" and _looks_like_html(raw):
            kind = "text/html"
        lang = scope.lang and scope.lang.replace("_", "-")
        return {"type": kind, "language": lang, "base": scope.base, "value": mended(raw)}

    def _raw(self, element: Any, kind: str) -> str:
        if kind == _XHTML and self._version in {"atom10", "atom03"}:
            return markup_within(element, self._names, unwrapped=self._version == "atom10")
        if kind not in {"text/plain", "text/html"} or len(element) or element.get("mode") == "base64":
            raise Declined
        return (element.text or "").strip()

    def title(self, element: Any, scope: Scope, depth: int, *, counts: bool) -> None:
        detail = self.detail(element, scope, "text/plain")
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

    def link(self, element: Any, scope: Scope) -> None:
        """``_start_link`` and ``_end_link``."""
        link = attributes(element)
        link.setdefault("rel", "alternate")
        link.setdefault("type", "application/atom+xml" if link["rel"] == "self" else "text/html")
        enforce_href(link)
        if "href" in link:
            link["href"] = scope.resolved(link["href"])
        self.fields.setdefault("links", []).append(link)
        if len(element):
            raise Declined
        if "href" not in link:
            self.text_link(self.address(element, scope), link)
        elif link["rel"] == "alternate" and _TYPES.get(link["type"], link["type"]) in HTML_TYPES:
            self.fields["link"] = link["href"]

    def text_link(self, text: str, link: dict[str, Any]) -> None:
        text = REFERENCE.sub(r"&\g<1>", text.replace("&amp;", "&"))
        self.fields["link"] = text
        if text:
            link["href"] = text

    def address(self, element: Any, scope: Scope) -> str:
        """The element's text as an address. Raises Declined where markup is nested in it."""
        if len(element):
            raise Declined
        text = (element.text or "").strip()
        return mended(scope.resolved(text) if text else "")

    def guid(self, element: Any, scope: Scope, depth: int) -> None:
        is_link = attributes(element).get("ispermalink", "true") == "true"
        value = self.address(element, scope) if is_link else self.value(element)
        self.keep("id", value, depth)
        if is_link:
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
    return text if is_printable(text) or not _C1.search(text) else text.translate(_cp1252)


def _looks_like_html(text: str) -> bool:
    return bool(_HTML_HINT.search(text)) and bool(StrictFeedParser.looks_like_html(text))
