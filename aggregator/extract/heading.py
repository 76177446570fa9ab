"""What stands around a page's title: the title itself, which an entry has, and who wrote the article and when."""

from collections.abc import Iterable

from aggregator.extract.clutter import rules
from aggregator.extract.tree import Element, inside, said, take_out
from aggregator.extract.weight import Weights

_SHORT = 90  # characters
_JOINTS = (" | ", " - ", " – ", " — ", " · ", ": ", " « ", " » ", " :: ")
_TITLES = frozenset({"og:title", "twitter:title"})


def titles(root: Element) -> frozenset[str]:
    """Return the keys of what the page calls itself, with and without the name of its site."""
    stated = [said(each) for each in root.iter("title")][:1]
    stated += [each.get("content") or "" for each in root.iter("meta") if _is_title(each)]
    return frozenset(key for title in stated for part in _parts(title) if (key := _key(part)))


def drop_heading(article: Element, weights: Weights, titles: frozenset[str]) -> None:
    """Take out the first heading that is the page's title, and dates and names before the first prose."""
    for heading in article.iter("h1", "h2"):
        if _key(said(heading)) in titles:
            take_out(heading)
            break
    for each in inside(article):
        weight = weights[each]
        if weight.prose and not any(weights[child].prose for child in each):
            return
        if 0 < weight.text <= _SHORT and not weight.prose and each.tag != "h1" and _is_fact(each):
            take_out(each)


def _is_fact(element: Element) -> bool:
    return element.tag == "time" or rules().facts.fullmatch(said(element)) is not None


def _is_title(element: Element) -> bool:
    return (element.get("property") or element.get("name")) in _TITLES


def _parts(title: str) -> Iterable[str]:
    yield title
    for joint in _JOINTS:
        if joint in title:
            for first, _, last in (title.partition(joint), title.rpartition(joint)):
                yield first
                yield last


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
