"""The element of a page that holds its article."""

from aggregator.extract.clutter import rules
from aggregator.extract.tree import HEADINGS, Element, letters, names, said
from aggregator.extract.weight import Weights

_MOST = 0.85  # of an element's prose: a child that has it is what the element is about
_NAMED = 0.35  # of the body's prose: what a page calls an article and has it is one
_HALF = 0.5  # the same, of a child that has the words that the page tells of its article
_TOLD = 80  # letters; less may stand anywhere
_HOLDERS = frozenset(
    (
        *("article", "body", "center", "dialog", "div", "font", "form", "header", "main", "section", "span"),
        *("table", "tbody", "td", "tr"),
    )
)


def main_element(body: Element, weights: Weights, told: str = "") -> Element:
    """Return the smallest element with nearly all prose of what the page calls its article, or else of the body.

    Where the page tells how its article begins (``told``), most of the prose is enough for what has these words.
    """
    least = _NAMED * weights[body].prose
    named = [
        each for each in body.iter() if each.tag in _HOLDERS and weights[each].prose >= least and _is_article(each)
    ]
    current = max(named, key=lambda each: weights[each].prose, default=body)
    while True:
        best = max(current, key=lambda child: weights[child].prose, default=None)
        if best is None or best.tag not in _HOLDERS or not weights[best].prose:
            return current
        before = best.getprevious()
        if before is not None and before.tag in HEADINGS - {"h1"}:
            return current  # it is a section
        share = weights[best].prose / weights[current].prose
        if share < _MOST and not (share > _HALF and _begins(best, current, told)):
            return current
        current = best


def _begins(element: Element, parent: Element, told: str) -> bool:
    """Whether of the parent's children this one alone has what the page tells of its article."""
    if len(told) < _TOLD:
        return False
    return [each for each in parent if told in letters(said(each))] == [element]


def _is_article(element: Element) -> bool:
    return (
        element.tag in ("article", "main")
        or element.get("role") in ("main", "article")
        or element.get("itemprop") == "articleBody"
        or bool(rules().article.search(names(element)))
    )
