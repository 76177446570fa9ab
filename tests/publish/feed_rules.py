"""The rules of feedvalidator that the elements we write can break, by its names for them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_TEXTS = {"title", "subtitle", "summary", "rights"}
_ONCE = {"id", "title", "updated", "published", "summary", "content", "subtitle", "generator"}
_IN_FEED = _ONCE - {"published", "summary", "content"} | {"link", "author", "contributor", "category", "entry"}
_IN_FEED |= {"icon", "logo", "rights"}
_IN_ENTRY = _ONCE - {"subtitle", "generator"} | {"link", "author", "contributor", "category", "source", "rights"}
_RELS = {"alternate", "related", "self", "enclosure", "via", "next", "prev", "first", "last", "replies", "license"}
_IN_CHANNEL = "title link description language lastBuildDate pubDate generator item category copyright docs ttl image"
_IN_CHANNEL += " managingEditor webMaster cloud rating textInput skipHours skipDays"
_IN_ITEM = {"title", "link", "guid", "pubDate", "category", "description", "author", "comments", "enclosure", "source"}
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_RFC822 = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")
_IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\x00-\x20\"<>\\^`{|}\x7f]+")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&#?\w+;")
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*")
_DANGEROUS = {"script", "iframe", "object", "embed", "meta", "link", "style", "form", "frame", "applet", "base"}


def flaws(document: bytes) -> set[str]:
    """Return the names of the rules that an Atom 1.0 or RSS 2.0 feed breaks."""
    try:
        root = etree.fromstring(document)
    except etree.XMLSyntaxError:
        return {"SAXError"}
    return set(_atom(root) if root.tag == f"{ATOM}feed" else _rss(root))


def _atom(feed: etree._Element) -> Iterator[str]:
    entries = feed.findall(f"{ATOM}entry")
    yield from _elements(feed, ATOM, {"id", "title", "updated"}, _ONCE, _IN_FEED)
    for entry in entries:
        yield from _elements(entry, ATOM, {"id", "title", "updated"}, _ONCE, _IN_ENTRY)
        if feed.find(f"{ATOM}author") is None and entry.find(f".//{ATOM}author") is None:
            yield "MissingElement"
    yield from _repeated((entry.findtext(f"{ATOM}id") for entry in entries), "DuplicateEntries")
    for each in (feed, *entries):
        yield from _links(each.findall(f"{ATOM}link"))
        for name in ("id", "updated", "published"):
            yield from _where(each, ATOM + name, _id if name == "id" else _rfc3339)
        for child in each:
            if etree.QName(child).localname in _TEXTS:
                yield from _atom_text(child)
        yield from _where(each, f"{ATOM}content", _markup)


def _rss(root: etree._Element) -> Iterator[str]:
    channel = root.find("channel")
    if channel is None:
        yield "MissingElement"
        return
    items = channel.findall("item")
    yield from _elements(
        channel,
        "",
        {"title", "link", "description"},
        set(_IN_CHANNEL.split()) - {"item", "category"},
        set(_IN_CHANNEL.split()),
    )
    for item in items:
        yield from _elements(item, "", set(), _IN_ITEM - {"category"}, _IN_ITEM)
        if item.find("title") is None and item.find("description") is None:
            yield "ItemMustContainTitleOrDescription"
        guid = item.find("guid")
        if guid is not None and guid.get("isPermaLink") != "false" and not _IRI.fullmatch(guid.text or ""):
            yield "InvalidHttpGUID"
    yield from _repeated((item.findtext("guid") for item in items), "DuplicateValue")
    for each in (channel, *items):
        yield from _where(each, "title", lambda text: ["ContainsHTML"] if _MARKUP.search(text) else [])
        yield from _where(each, "link", lambda text: [] if _IRI.fullmatch(text.strip()) else ["InvalidLink"])
        yield from _where(each, "pubDate", _rfc822)
        yield from _where(each, "lastBuildDate", _rfc822)
        yield from _where(each, "language", lambda text: [] if _LANGUAGE.fullmatch(text) else ["InvalidLanguage"])
        yield from _where(each, _CONTENT, _markup)
        yield from _where(each, "description", _markup)
    if not any(link.get("rel") == "self" for link in channel.findall(f"{ATOM}link")):
        yield "MissingAtomSelfLink"


def _elements(parent: etree._Element, space: str, needed: set[str], once: set[str], known: set[str]) -> Iterator[str]:
    own = [child for child in parent.iterchildren("*") if (etree.QName(child).namespace or "") == space.strip("{}")]
    counts = Counter(etree.QName(child).localname for child in own)
    if needed - counts.keys():
        yield "MissingElement"
    if any(count > 1 for name, count in counts.items() if name in once):
        yield "DuplicateElement"
    if counts.keys() - known:
        yield "UndefinedElement"
    if any(
        not (child.text or "").strip() and not len(child) for child in own if etree.QName(child).localname == "title"
    ):
        yield "NotBlank"


def _links(links: list[etree._Element]) -> Iterator[str]:
    for link in links:
        if "href" not in link.attrib:
            yield "MissingAttribute"
        elif not _IRI.fullmatch(link.get("href", "")):
            yield "InvalidLink"
        if link.get("rel", "alternate") not in _RELS:
            yield "UnregisteredAtomLinkRel"
    alternate = [link for link in links if link.get("rel", "alternate") == "alternate"]
    yield from _repeated(((each.get("type", ""), each.get("hreflang", "")) for each in alternate), "DuplicateAtomLink")


def _atom_text(element: etree._Element) -> Iterator[str]:
    kind = element.get("type", "text")
    if kind not in {"text", "html", "xhtml"}:
        yield "InvalidTextType"
    if kind == "html":
        yield from _markup(element.text or "")


def _markup(text: str) -> Iterator[str]:
    for element in html.fragments_fromstring(f"<div>{text}</div>")[0].iter("*"):
        if element.tag in _DANGEROUS or any(name.startswith("on") for name in element.attrib):
            yield "SecurityRisk"
        if "style" in element.attrib:
            yield "DangerousStyleAttr"
        for name in ("href", "src"):
            if name in element.attrib and not _IRI.fullmatch(element.get(name) or ""):
                yield "ContainsRelRef"


def _id(text: str) -> Iterator[str]:
    if not _IRI.fullmatch(text):
        yield "InvalidFullLink"
        return
    parts = urlsplit(text)
    lowered = parts.netloc == parts.netloc.lower() and text.startswith(parts.scheme)
    if parts.scheme in {"http", "https"} and not (lowered and parts.path and ":80" not in f"{parts.netloc}/"[-4:]):
        yield "NonCanonicalURI"


def _rfc3339(text: str) -> Iterator[str]:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        yield "InvalidRFC3339Date"
        return
    if not _RFC3339.fullmatch(text):
        yield "InvalidRFC3339Date"


def _rfc822(text: str) -> Iterator[str]:
    """Of the dates of RFC 822 only the form that we write is taken; its weekday has to be the date's."""
    if not _RFC822.fullmatch(text) or f"{parsedate_to_datetime(text):%a}" != text[:3]:
        yield "InvalidRFC2822Date"


def _where(parent: etree._Element, name: str, rule: Callable[[str], Iterable[str]]) -> Iterator[str]:
    for element in parent.findall(name):
        yield from rule(element.text or "")


def _repeated(values: Iterable[object], rule: str) -> Iterator[str]:
    if any(count > 1 for value, count in Counter(values).items() if value is not None):
        yield rule
