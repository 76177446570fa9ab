"""Small steps in a tree of elements."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

Element: TypeAlias = Any  # lxml.etree._Element, which has no types

_CLASSES = "concat(' ', normalize-space(@class), ' ')"


def all_of(body: Element, *names: str) -> list[Element]:
    """The elements of these names in the order of the document; safe to change while going through them."""
    return list(body.iter(*names))


def with_class(body: Element, *classes: str) -> list[Element]:
    """The elements that have one of these classes."""
    tests = " or ".join(f"contains({_CLASSES}, ' {name} ')" for name in classes)
    found: list[Element] = body.xpath(f".//*[{tests}]")
    return found


def classes(element: Element) -> list[str]:
    """Its classes."""
    return str(element.get("class") or "").split()


def said(element: Element) -> str:
    """All its text."""
    return "".join(element.itertext())


def made(name: str, text: str, **attributes: str) -> Element:
    """A new element."""
    element = etree.Element(name, **attributes)
    element.text = text
    return element


def is_in(element: Element, body: Element) -> bool:
    """Whether it is still part of the tree: what held it may have been taken out."""
    return any(ancestor is body for ancestor in element.iterancestors())


def ancestors(element: Element, most: int) -> Iterator[Element]:
    """Yield the nearest ancestors."""
    for number, ancestor in enumerate(element.iterancestors()):
        if number == most:
            return
        yield ancestor


def replace(element: Element, by: Element) -> None:
    """Put another element in its place; the text after it stays."""
    by.tail, element.tail = element.tail, None
    element.getparent().replace(element, by)


def remove(element: Element) -> None:
    """Leave nothing of it but the text after it."""
    element.clear(keep_tail=True)
    element.tag = "span"  # which the sanitiser lets go


def unwrap(element: Element) -> None:
    """Leave its content and take away the element itself."""
    element.tag = "span"
    element.attrib.clear()


def words(element: Element, enough: int) -> int:
    """How many words it says; the count ends soon after it is enough."""
    count = 0
    for text in element.itertext():
        count += sum(any(map(str.isalnum, word)) for word in text[:200].split())
        if count >= enough:
            break
    return count
