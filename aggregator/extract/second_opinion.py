"""What trafilatura takes for the article's text: a second opinion on what stands before it and after it.

It is good at telling text from what is around it on pages of news, and it loses lists, code, tables and notes; so what
it says of the ends is taken, of long articles only and where both see the same article.
"""

from collections.abc import Iterator
from typing import NamedTuple

from aggregator.extract.clutter import is_part
from aggregator.extract.tree import HEADINGS, INLINE, Element, said, take_out

_RUN = 4  # words
_ENOUGH = 200  # runs of words in an article
_SAME = 0.75  # of the article's runs, in both
_NEVER = frozenset({"figure", "figcaption", "math", "pre", "table"})


class _Block(NamedTuple):
    element: Element
    runs: int
    shared: int  # runs that the other has too


def trim(article: Element, opinion: str) -> None:
    """Take out of the article's ends what the ``opinion`` on its text does not have."""
    runs = set(_runs(opinion))
    blocks = [
        _Block(element, len(own), sum(run in runs for run in own))
        for element, own in ((element, list(_runs(text))) for element, text in _texts(article))
    ]
    total = sum(block.runs for block in blocks)
    if total < _ENOUGH or sum(block.shared for block in blocks) < _SAME * total:
        return
    both = [number for number, block in enumerate(blocks) if block.runs and 2 * block.shared >= block.runs]
    for number, block in enumerate(blocks):
        is_before, is_after = number < both[0], number > both[-1]
        is_unknown = block.runs > 0 and not block.shared and block.element.tag not in HEADINGS
        if is_after or (is_unknown and (is_before or _leads_on(block.element))):
            _take_out_text(block.element, article)


def _leads_on(block: Element) -> bool:
    """Whether more of it is links than not."""
    return 2 * sum(len(said(link)) for link in block.iter("a")) > len(said(block))


def _take_out_text(block: Element, article: Element) -> None:
    if block is article or block.find(".//img") is not None:
        return
    if not any(each.tag in _NEVER or is_part(each) for each in (block, *block.iterancestors())):
        take_out(block)


def _texts(article: Element) -> Iterator[tuple[Element, str]]:
    """Yield each block and the text that is in it and in no block within it."""
    pieces: dict[Element, list[str]] = {}
    home: dict[Element, Element] = {}
    for each in article.iter():
        parent = each.getparent()
        home[each] = each if each is article or each.tag not in INLINE else home[parent]
        pieces.setdefault(home[each], []).append(each.text or "")
        if each is not article:
            pieces.setdefault(home[parent], []).append(each.tail or "")
    for block, texts in pieces.items():
        if (text := " ".join(texts)) and not text.isspace():
            yield block, text


def _runs(text: str) -> Iterator[tuple[str, ...]]:
    words = [word for word in ("".join(filter(str.isalnum, each)) for each in text.casefold().split()) if word]
    return (tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))
