"""How much prose each element of a page holds: what articles are made of, and what is around them is not."""

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

from aggregator.extract.tree import INLINE, Element

_LEAST = 40  # characters beside links that make a block prose


class Weight(NamedTuple):
    """Of an element and all in it, in characters."""

    text: int
    linked: int  # of these, in links
    prose: int  # of these, beside links and in blocks of some length


Weights: TypeAlias = Mapping[Element, Weight]


def weigh(root: Element) -> Weights:
    """Return the weight of every element, in linear time."""
    elements = list(root.iter())
    home = {root: root}  # the block that an element's text belongs to
    links = {root} if root.tag == "a" else set()
    own = {each: [0, 0] for each in elements}  # text and linked text of an element, without those in it
    block = {each: [0, 0] for each in elements}  # the same of a block, with the inline elements in it
    for each in elements:
        parent = each.getparent() if each is not root else None
        if parent is not None:
            home[each] = home[parent] if each.tag in INLINE else each
            if each.tag == "a" or parent in links:
                links.add(each)
            _add(each.tail, parent in links, own[parent], block[home[parent]])
        _add(each.text, each in links, own[each], block[home[each]])
    sums = {each: [*own[each], _prose(each, *block[each])] for each in elements}
    for each in reversed(elements[1:]):
        of_parent = sums[each.getparent()]
        for number, size in enumerate(sums[each]):
            of_parent[number] += size
    return {each: Weight(*three) for each, three in sums.items()}


def _add(said: str | None, is_linked: bool, *sums: list[int]) -> None:
    if said and (size := len(said.strip())):
        for each in sums:
            each[0] += size
            each[1] += size if is_linked else 0


def _prose(element: Element, text: int, linked: int) -> int:
    if element.tag == "pre":
        return text
    beside = text - linked
    return beside if beside >= max(_LEAST, linked) else 0
