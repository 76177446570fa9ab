"""Markup nested in a text of Atom, on the fast path: written out as feedparser writes it."""

from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from feedparser.api import StrictFeedParser

from aggregator.parse.names import Declined, Names

_XML = "{http://www.w3.org/XML/1998/namespace}"
_QUOTE = {'"': "&quot;"}
_LOWER = frozenset({"rel", "type"})


def markup_within(element: Any, names: Names, *, unwrapped: bool) -> str:
    """Return the content of an element of type XHTML, stripped; ``unwrapped`` from a ``div`` around all of it.

    Raises Declined for elements that feedparser would take for some of the feed's own.
    """
    pieces = list(_pieces(element, names))
    if unwrapped:
        while len(pieces) > 1 and not pieces[-1].strip():
            del pieces[-1]
        while len(pieces) > 1 and not pieces[0].strip():
            del pieces[0]
        if _is_wrapped(pieces):
            pieces = pieces[1:-1]
    return "".join(pieces).strip()


def _pieces(element: Any, names: Names) -> Iterator[str]:
    """Yield text and tags by turns, as in ``handle_data`` and ``unknown_starttag``."""
    yield escape(element.text or "")
    for child in element:
        name = names.of(child)
        if hasattr(StrictFeedParser, f"_end_{name}"):
            raise Declined  # feedparser forgets where it is at their ends
        tag = name.removeprefix("xhtml_")
        if "_" in tag:
            raise Declined
        yield f"<{tag}{_attributes(child)}>"
        yield from _pieces(child, names)
        yield f"</{tag}>"
        yield escape(child.tail or "")


def _attributes(element: Any) -> str:
    """As in ``strattrs``."""
    said: dict[str, str] = {}
    for name, value in element.attrib.items():
        key = name.replace(_XML, "xml:").lower()
        if "}" in key:
            raise Declined
        said[key] = value.lower() if key in _LOWER else value
    return "".join(f' {key}="{escape(value, _QUOTE)}"' for key, value in said.items())


def _is_wrapped(pieces: list[str]) -> bool:
    """Whether one ``div`` holds everything (``pop``)."""
    if not (pieces and (pieces[0] == "<div>" or pieces[0].startswith("<div ")) and pieces[-1] == "</div>"):
        return False
    depth = 0
    for piece in pieces[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return False
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return True
