"""An XML document before any parser sees it: what hangs or deceives parsers is cut away (XM-01…11, XM-16…18)."""

import re
from dataclasses import dataclass

from aggregator.model import Unreadable
from aggregator.parse.sniff import html_kind
from aggregator.parse.tags import with_fewer_tags

_FEED_ROOTS = frozenset({"rss", "rdf", "feed", "channel", "urlset", "sitemapindex"})
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_FEED_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:rss|rdf|feed|urlset|sitemapindex)[\s>]", re.IGNORECASE)
_EMPTY = re.compile(r"<[^<>]*/>\s*\Z")
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[<>\"']|\"[^\"]*\"|'[^']*')*(\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_ENTRY_START = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?(?:item|entry)(?:\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_ENTRY_END = re.compile(r"</(?:[A-Za-z_][\w.-]*:)?(?:item|entry)\s*>", re.IGNORECASE)
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CONTROLS = bytes((*range(9), 11, 12, *range(14, 32)))
# Character references that may name no character of XML 1.0 (section 2.2); feedparser raises at some of them (XM-18).
_REFERENCE = re.compile(
    r"&#(?:(0*[0-9]{1,2}|0*5[5-7][0-9]{3}|[0-9]{6,})"
    r"|[xX](0*[0-9a-fA-F]{1,2}|0*[dD][0-9a-fA-F]{3}|0*[fF]{3}[eEfF]|[0-9a-fA-F]{5,}))(?![0-9a-fA-F]);?"
)
_MOST_ATTRIBUTES = 1_000
_MANY_ATTRIBUTES = re.compile(
    rf"""<[\w:.-]++(?:\s*+[\w:.-]++\s*+=\s*+(?:"[^"<]*+"|'[^'<]*+')){{{_MOST_ATTRIBUTES + 1}}}"""
)
# feedparser looks for a mail address in names, in time that grows with the square of their length.
_LONG_NAME = re.compile(
    r"(<(?:\w+:)?(?:author|creator|managingeditor|webmaster|publisher|owner)\b[^<>]*>(?:<!\[CDATA\[)?[^<\]]{1024})[^<\]]+",
    re.IGNORECASE,
)
_CONSTRUCTS = (("<!--", "-->"), ("<?", "?>"))
_MOST_CONSTRUCTS = 100  # comments, instructions and declarations before the root element
_MOST_ENTRIES = 100_000
_JUNK_BEFORE_ROOT = 65_536  # characters in which a feed may start after other output


# All that a parser learns from a DOCTYPE is which RSS 0.91 it is.
_NETSCAPE = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN">\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document from its root element on: no prolog, no DTD, no entity declaration, no character that XML forbids."""

    text: str
    doctype: str  # what goes before the text, "" for nothing
    root: str  # the name of the root element
    flaw: str | None
    cut_short: bool  # its root element is never closed (HX-09)
    cut_entry: bool  # it ends inside an entry (XM-16)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Start:
    """Where the root element starts."""

    root: re.Match[str] | None
    doctype: str = ""
    flaw: str | None = None


def read_document(text: str) -> Document | Unreadable:
    """Return what a feed parser may be given, or why there is nothing to give it. Linear in the length of the text.

    An internal DTD subset is left out, so that no entity is ever expanded: references to it stay as text. Output before
    and after the root element is left out. Refused: what is HTML or no markup at all, elements with more than 1,000
    attributes, more than 100,000 entries. Of an entry's categories the first 200 are left.
    """
    start = _feed_start(text)
    if isinstance(start, Unreadable):
        return start
    assert start.root is not None
    root = f"{start.root[1] or ''}{start.root[2]}"
    body = _bounded(text[start.root.start() :])
    if isinstance(body, Unreadable):
        return body
    end = body.rfind(f"</{root}")
    cut_short = end < 0 and not _EMPTY.match(body)
    if end >= 0:
        body = body[: body.find(">", end) + 1] or body
    return Document(
        text=_cleaned(body),
        doctype=start.doctype,
        root=root,
        flaw=f"cut short: <{root[:40]}> is never closed" if cut_short else start.flaw,
        cut_short=cut_short,
        cut_entry=cut_short and len(_ENTRY_START.findall(body)) > len(_ENTRY_END.findall(body)),
    )


def _bounded(body: str) -> str | Unreadable:
    """Refuse or take out what feedparser takes minutes for."""
    if _MANY_ATTRIBUTES.search(body):
        return Unreadable(kind="malformed", message="an element has more than 1,000 attributes")
    if body.count("<item") + body.count("<entry") > _MOST_ENTRIES:  # as many as a worker reads within its time (XM-26)
        return Unreadable(kind="too-large", message="the document has more than 100,000 entries")
    bounded = with_fewer_tags(body)
    return Unreadable(kind="malformed", message="an entry has too many categories") if bounded is None else bounded


def _feed_start(text: str) -> _Start | Unreadable:
    start = _prolog(text)
    if start.root and start.root[2].lower() in _FEED_ROOTS:
        return start
    found = _FEED_ROOT.search(text, 0, _JUNK_BEFORE_ROOT)
    page = html_kind(text[: found.start()] if found else text)
    if found and not page:
        return _Start(root=_ROOT.match(text, found.start()), flaw="other output before the feed")
    if start.root and not page:
        return start
    other = "XML without a root element" if text.startswith("<") else "plain text"
    return Unreadable(kind="not-a-feed", message=f"the document is {page or other}, not a feed")


def _prolog(text: str) -> _Start:
    """Find the root element behind comments, instructions and declarations."""
    at, doctype, flaw = 0, "", None
    for _ in range(_MOST_CONSTRUCTS):
        at = text.find("<", at)
        root = _ROOT.match(text, at) if at >= 0 else None
        if root or at < 0:
            return _Start(root=root, doctype=doctype, flaw=flaw)
        if declared := _DOCTYPE.match(text, at):
            doctype = _NETSCAPE if "netscape" in declared[0].lower() else ""
            flaw = "an internal DTD subset was left out" if declared[1] else flaw
            at = declared.end()
        else:
            opening, closing = next((pair for pair in _CONSTRUCTS if text.startswith(pair[0], at)), ("<", "<"))
            end = text.find(closing, at + len(opening))
            at = end if end >= 0 else at + 1
    return _Start(root=None)


def _cleaned(body: str) -> str:
    if _has_no_xml(body):
        body = _NO_XML.sub(_replaced, body)
    if "&#" in body:
        body = _REFERENCE.sub(_referred, body)
    return _LONG_NAME.sub(r"\1", body)


def _has_no_xml(body: str) -> bool:
    """Whether a character of it may be one of ``_NO_XML``; several times faster than to look for one."""
    if "\ufffe" in body or "\uffff" in body:
        return True
    try:
        encoded = body.encode()
    except UnicodeEncodeError:  # surrogates
        return True
    return len(encoded.translate(None, _CONTROLS)) < len(encoded)


def _referred(match: re.Match[str]) -> str:
    digits, radix = (match[1], 10) if match[1] else (match[2], 16)
    number = int(digits, radix) if len(digits) <= 16 else -1
    if number in (9, 10, 13) or 31 < number < 0xD800 or 0xDFFF < number < 0xFFFE or 0xFFFF < number < 0x110000:
        return match[0]
    return "" if 0 <= number < 32 else "\ufffd"


def _replaced(match: re.Match[str]) -> str:
    return "\ufffd" if match[0] >= "\ud800" else ""
