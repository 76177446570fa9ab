"""Shapes that pages have and feeds have not, put as the elements that they stand for."""

from aggregator.extract.tree import HEADINGS, Element, names

_BLOCKS = ("div", "p", "pre", "table", "ul", "ol", "code", *HEADINGS)


def mend(body: Element) -> None:
    """Make blocks of code of what is shown as one, and let headings out of links that lead to themselves."""
    for code in list(body.iter("code", "div")):
        if _is_block_of_code(code):
            code.tag = "pre"
    for link in list(body.iter("a")):
        if (link.get("href") or "").startswith("#") and next(link.iter(*HEADINGS), None) is not None:
            link.tag = "div"


def bring_notes(article: Element, body: Element) -> None:
    """Put notes that stand behind the article's element at its end."""
    behind = [each for holder in (article, *article.iterancestors()) if holder is not body for each in _after(holder)]
    for each in behind:
        if "footnote" in names(each):
            each.tail = None
            article.append(each)


def _after(element: Element) -> list[Element]:
    return list(element.itersiblings()) if element.getparent() is not None and element.tag != "body" else []


def _is_block_of_code(element: Element) -> bool:
    if element.tag == "code":
        is_block = "block" in names(element).split() or "white-space:pre" in "".join(
            (element.get("style") or "").split()
        )
        return is_block and not any(holder.tag in ("pre", "code") for holder in element.iterancestors())
    return "code-block" in names(element).split() and next(element.iterdescendants(*_BLOCKS), None) is None
