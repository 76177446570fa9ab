"""What stands around a page's title: the title itself, which an entry has, and who wrote the article and when."""

from collections.abc import Iterable

from aggregator.extract.clutter import rules
from aggregator.extract.tree import HEADINGS, Element, inside, letters, said, take_out
from aggregator.extract.weight import Weights

_SHORT = 90  # characters
_JOINTS = (" | ", " - ", " – ", " — ", " · ", ": ", " « ", " » ", " :: ")
_DESCRIPTIONS = frozenset({"description", "og:description", "twitter:description"})
_MOST_TOLD = 120  # letters: pages cut their description anywhere
_IS_HEADING = " or ".join(f"self::{name}" for name in sorted(HEADINGS - {"h1"}))
_TITLES = frozenset({"og:title", "twitter:title"})


def titles(root: Element) -> frozenset[str]:
    """Return the keys of what the page calls itself, with and without the name of its site."""
    stated = [said(each) for each in root.iter("title")][:1]
    stated += [each.get("content") or "" for each in root.iter("meta") if _named(each) in _TITLES]
    return frozenset(key for title in stated for part in _parts(title) if (key := letters(part)))


def told(root: Element) -> str:
    """Return the letters of how the page tells that its article begins; "" where it does not tell."""
    stated = [each.get("content") or "" for each in root.iter("meta") if _named(each) in _DESCRIPTIONS]
    return letters(max(stated, key=len, default=""))[:_MOST_TOLD]


def drop_heading(article: Element, weights: Weights, titles: frozenset[str]) -> None:
    """Take out the first heading that is the page's title, and dates and names before the first prose."""
    for heading in article.iter("h1", "h2"):
        if letters(said(heading)) in titles:
            take_out(heading)
            break
    for each in inside(article):
        weight = weights[each]
        if weight.prose and not any(weights[child].prose for child in each):
            return
        if 0 < weight.text <= _SHORT and not weight.prose and each.tag != "h1" and _is_fact(each):
            take_out(each)


def drop_last_heading(article: Element) -> None:
    """Take out a heading with nothing below it: what it stood over is gone."""
    last = article.xpath(f"(.//text()[normalize-space()])[last()]/ancestor::*[{_IS_HEADING}][1]")
    for heading in last:
        below = heading.xpath("following::*[self::audio or self::embed or self::iframe or self::img or self::video]")
        if heading is not article and not any(article in each.iterancestors() for each in below):
            take_out(heading)


def _is_fact(element: Element) -> bool:
    return element.tag == "time" or rules().facts.fullmatch(said(element)) is not None


def _named(element: Element) -> str:
    return str(element.get("property") or element.get("name"))


def _parts(title: str) -> Iterable[str]:
    yield title
    for joint in _JOINTS:
        if joint in title:
            for first, _, last in (title.partition(joint), title.rpartition(joint)):
                yield first
                yield last
