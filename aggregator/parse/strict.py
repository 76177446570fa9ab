"""The fast path: a well-formed document of a known format through lxml, into what feedparser would have made of it.

feedparser stays the reference. Whatever this is not sure of it declines, and then feedparser reads the document: nested
markup, DTDs, unusual namespaces. What it does read is equal in everything that ``entries`` looks at; the
tests hold the two against each other.
"""

import re
import string
from collections.abc import Iterable, Mapping
from typing import Any

from feedparser.api import StrictFeedParser
from lxml import etree

from aggregator.parse.names import KNOWN, STANDARD, Declined, Names
from aggregator.parse.scope import Scope, outermost
from aggregator.parse.strict_entry import Entry
from aggregator.parse.strict_feed import Feed

_PARSER_OPTIONS = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
    "huge_tree": False,
}
_NAMESPACE = re.compile(r"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)[\"']")
_BASE = re.compile(r"base\s*=\s*[\"']")
# For names beyond ASCII libxml2 goes by the fifth edition of XML 1.0, expat by the fourth.
_ODD_PREFIX = re.compile(r"xmlns:[!-<>-~]*+[^!-~\s=]")
_ODD_ATTRIBUTE = etree.XPath("boolean(//@*[translate(name(), $ascii, '') != ''])")
_ASCII_NAME = string.ascii_letters + string.digits + ":_.-"
# Attributes that are read. feedparser drops a prefix that it does not know: to it x:type is type.
_PREFIXED = re.compile(
    r"\s([\w.-]++):(?:type|mode|lang|base|rel|href|url|uri|ispermalink|term|scheme|label|domain|length|filesize|medium"
    r"|lastmod|version)\s*=\s*[\"']",
    re.IGNORECASE,
)
_FEW = 20
_RSS10 = "http://purl.org/rss/1.0/"
_ATOM10 = "http://www.w3.org/2005/atom"
_ATOM03 = "http://purl.org/atom/ns#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}


def read_strictly(text: str) -> Mapping[str, Any] | None:
    """Return ``version``, ``feed`` and ``entries`` as ``feedparser.parse`` does, or None for a document to leave to it.

    ``text`` starts at the root element and holds no DTD.
    """
    if ":///" in text:
        return None  # feedparser mends triple slashes
    namespaces = {(prefix, uri.lower()) for prefix, uri in _NAMESPACE.findall(text)}
    try:
        prefixes = _prefixes(namespaces)
        if _drops_prefixes(text, prefixes):
            return None
        root = etree.fromstring(text.encode(), etree.XMLParser(**_PARSER_OPTIONS))
        if not text.isascii() and (_ODD_PREFIX.search(text) or _ODD_ATTRIBUTE(root, ascii=_ASCII_NAME)):
            return None
        version = _version(root, {uri for _, uri in namespaces})
        scope = outermost(root, has_bases=_BASE.search(text) is not None)
        return _read(root, version, Names(prefixes), scope)
    except (etree.XMLSyntaxError, Declined):
        return None


def _prefixes(namespaces: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the namespace of each prefix. Raises Declined where one prefix means several things."""
    prefixes: dict[str, str] = {}
    for prefix, uri in namespaces:
        if not prefix:  # the default one may change as it likes
            continue
        if prefixes.setdefault(prefix, uri) != uri:
            raise Declined
        # feedparser goes by well-known prefixes too, whatever they are bound to.
        if prefix in STANDARD and KNOWN.get(uri, prefix) != prefix:
            raise Declined
    return prefixes


def _drops_prefixes(text: str, prefixes: Mapping[str, str]) -> bool:
    unknown = {prefix for prefix, uri in prefixes.items() if not KNOWN.get(uri)}
    if len(unknown) <= _FEW and not any(f"{space}{prefix}:" in text for prefix in unknown for space in " \t\r\n"):
        return False  # as nearly always, and quickly seen
    return any(match[1] in unknown for match in _PREFIXED.finditer(text))


def _version(root: Any, namespaces: set[str]) -> str:
    """Return the format as feedparser names it."""
    name = etree.QName(root)
    namespace = (name.namespace or "").lower()
    if name.localname == "rss" and not namespace and _RSS10 not in namespaces:
        number = root.get("version", "")
        return _RSS_VERSIONS.get(number) or ("rss20" if number.startswith("2.") else "rss")
    is_rdf = name.localname == "RDF" and namespace == _RDF and root.nsmap.get(None, "").lower() == _RSS10
    if is_rdf and _ATOM10 not in namespaces:
        return "rss10"
    is_atom = name.localname == "feed" and root.prefix is None and _RSS10 not in namespaces
    if is_atom and namespace == _ATOM10:
        return "atom10"
    if is_atom and namespace == _ATOM03 and root.get("version") == "0.3" and _ATOM10 not in namespaces:
        return "atom03"
    raise Declined


def _read(root: Any, version: str, names: Names, scope: Scope) -> Mapping[str, Any]:
    helper = StrictFeedParser("", None, "utf-8")
    atom = version.startswith("atom")
    feed = Feed(names, version=version, helper=helper)
    if scope.lang and version != "rss10":
        feed.fields["language"] = scope.lang.replace("_", "-")
    entries: list[dict[str, Any]] = []
    for parent, parent_scope in _parents(root, scope, names, version):
        for child in parent:
            name = names.of(child)
            if name in {"item", "entry"}:
                entry = Entry(names, version=version, helper=helper, has_content=feed.has_content)
                entry.read(child, parent_scope.within(child))
                feed.has_content = False
                entries.append(entry.fields)
            elif parent is root and not atom:
                _skip_sibling(name)
            else:
                feed.element(child, parent_scope.within(child))
    return {"version": version, "feed": feed.fields, "entries": entries, "bozo": False}


def _parents(root: Any, scope: Scope, names: Names, version: str) -> list[tuple[Any, Scope]]:
    """Return the elements whose children make the feed: the root in Atom, the channel in RSS, both in RDF."""
    if version.startswith("atom"):
        return [(root, scope)]
    channels = [child for child in root if names.of(child) == "channel"]
    if len(channels) != 1 or root[0] is not channels[0] or set(channels[0].attrib) - {f"{{{_RDF}}}about"}:
        raise Declined
    if version != "rss10" and len(root) > 1:
        raise Declined
    parents = [(channels[0], scope.within(channels[0]))]
    return [*parents, (root, scope)] if version == "rss10" else parents


def _skip_sibling(name: str) -> None:
    """Let pass what RDF has beside its items: nothing in it counts, because the channel is over."""
    if name not in {"channel", "image", "textinput"}:
        raise Declined
