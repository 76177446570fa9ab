"""A page as a tree, and small steps in it.

What is taken out leaves an empty ``span``, so that no text has to be moved, and goes to the end of the page: lxml
is quadratic in the size of what belongs to no page. So taking out much stays linear.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypeAlias

from lxml import etree, html

Element: TypeAlias = Any  # lxml.html.HtmlElement, which has no types

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
INLINE = frozenset(
    (
        *("a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"),
        *("ins", "kbd", "mark", "math", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong"),
        *("sub", "sup", "time", "tt", "u", "var", "wbr"),
    )
)
LITERAL = frozenset({"code", "math", "pre"})
_MOST_ELEMENTS = 150_000
_MOST_DEPTH = 512
_TOGGLED = re.compile(r"(?:foot|end|side)note|\bfna?\b|callout")


def parsed(markup: str) -> Element | None:
    """Return the root of the page without comments, scripts and styles; None where there is none, or far too much.

    Browsers nest 512 elements at most.
    """
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = etree.fromstring(markup.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None
    if root is None or not _is_bounded(root):
        return None
    root.append(html.Element("template"))
    for each in list(root.iter("script", "style", "svg", "noscript")):
        if not _is_read(each):
            take_out(each)
    for each in root.xpath(".//*[@style]"):  # notes and boxes that a script would show
        if _TOGGLED.search(names(each)):
            del each.attrib["style"]
    return root


def take_out(element: Element) -> None:
    """Leave nothing of it but the text after it. The page is one that was ``parsed``."""
    element.getroottree().getroot()[-1].extend(list(element))
    element.clear(keep_tail=True)
    element.tag = "span"
    element.text = " "


def inside(element: Element) -> Iterator[Element]:
    """Yield what is in the element in the order of the page; what is taken out in the meantime is not entered.

    Neither are code and formulas, which are read as they are.
    """
    waiting = list(reversed(element))
    while waiting:
        each = waiting.pop()
        if each.tag not in LITERAL:
            yield each
            waiting.extend(reversed(each))


def said(element: Element) -> str:
    """All its text, spaces single."""
    return " ".join("".join(element.itertext()).split())


def letters(text: str) -> str:
    """Its letters and digits, in lower case: what is the same in two ways to write it."""
    return "".join(filter(str.isalnum, text.casefold()))


def names(element: Element) -> str:
    """Its classes and its id, in lower case."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower().strip()


def written(element: Element) -> str:
    """The element's HTML."""
    return str(html.tostring(element, encoding="unicode", with_tail=False))


def _is_bounded(root: Element) -> bool:
    depths = {root: 0}
    for each in islice(root.iterdescendants(), _MOST_ELEMENTS + 1):
        depths[each] = depth = depths[each.getparent()] + 1
        if depth > _MOST_DEPTH:
            return False
    return len(depths) <= _MOST_ELEMENTS


def _is_read(element: Element) -> bool:
    """Whether it is a formula, or the picture that a page has for readers without scripts."""
    if element.tag == "noscript":
        return element.find(".//img") is not None and not said(element)
    return element.tag == "script" and str(element.get("type") or "").startswith("math/")
