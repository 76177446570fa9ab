"""What is on a page beside its article, by the names that pages have for it: ``config/clutter.toml``."""

import functools
import tomllib
from typing import Any, NamedTuple

import re2

from aggregator.extract.tree import HEADINGS, INLINE, LITERAL, Element, names, take_out
from aggregator.extract.weight import Weights
from aggregator.shipped import shipped

# Of a page's prose: what has more of it stays, whatever it is called.
_MOST_BY_KIND = 0.5
_MOST_BY_NAME = 0.25
_MOST_OF_ARTICLE = 0.05

_PARTS = r"(?:^|[\s_-])(?:%s)(?:$|[\s_-])"
_WHOLE = r"(?:^|\s)(?:%s)(?:$|\s)"
_NEVER = HEADINGS | {"html", "body", "main", "sup", "td", "tr", "tbody"}
_SENTENCES = frozenset({"p", "li", "td", "a", "em", "strong", "span"})


class Rules(NamedTuple):
    """``config/clutter.toml``, its expressions compiled."""

    tags: frozenset[str]
    roles: frozenset[str]
    names: Any
    sure: Any
    inline: Any
    unseen: Any
    article: Any
    parts: Any
    labels: Any
    pointers: Any
    facts: Any


@functools.cache
def rules() -> Rules:
    """Return the rules, read once."""
    stated = tomllib.loads(shipped("clutter.toml").read_text(encoding="utf-8"))
    return Rules(
        tags=frozenset(stated["tags"]),
        roles=frozenset(stated["roles"]),
        names=_compiled(_PARTS, stated["names"]),
        sure=_compiled(_PARTS, stated["sure"]),
        inline=_compiled(_PARTS, stated["inline"]),
        unseen=_compiled(_PARTS, stated["unseen"]),
        article=_compiled(_WHOLE, stated["article"]),
        parts=_compiled(_PARTS, stated["parts"]),
        labels=_compiled(r"\W*(?:%s)\W*", stated["labels"]),
        pointers=_compiled(r"\W*(?:%s)\b.*", stated["pointers"]),
        facts=_compiled(r"\W*(?:%s)\W*", stated["facts"]),
    )


def drop_clutter(body: Element, weights: Weights) -> None:
    """Take out of the page what by its name is beside the article."""
    whole = weights[body].prose
    with_code = _around(body, "pre")
    waiting = list(reversed(body))
    while waiting:
        each = waiting.pop()
        if each.tag in LITERAL:
            continue
        most = _most(each, each in with_code)
        if most is not None and weights[each].prose <= most * whole:
            take_out(each)
        else:
            waiting.extend(reversed(each))


def is_part(element: Element) -> bool:
    """Whether by its name it is a part of an article, notes for one, that looks like clutter."""
    return bool(rules().parts.search(names(element)))


def _most(element: Element, has_code: bool) -> float | None:
    """How much of a page's prose the element can hold and still be clutter; None for what is none."""
    tag, called = element.tag, names(element)
    if is_part(element):
        return None
    if tag in rules().tags:
        is_word = tag == "button" and element.getparent().tag in _SENTENCES
        return None if is_word else _MOST_BY_KIND
    if element.get("role") in rules().roles:
        return _MOST_BY_KIND
    if called and (tag in HEADINGS or tag not in _NEVER) and rules().unseen.search(called):
        return _MOST_BY_NAME
    return None if not called or tag in _NEVER else _most_by_name(element, called, has_code)


def _most_by_name(element: Element, called: str, has_code: bool) -> float | None:
    if rules().sure.search(called):
        return None if element.tag in INLINE else _MOST_BY_KIND
    if rules().inline.search(called):
        return _MOST_BY_NAME
    in_sentence = element.tag in INLINE and (element.tag != "span" or element.getparent().tag in _SENTENCES)
    if has_code or in_sentence or not rules().names.search(called):
        return None
    return _MOST_OF_ARTICLE if rules().article.search(called) else _MOST_BY_NAME


def _around(body: Element, tag: str) -> set[Element]:
    """The elements that hold one of that name."""
    found: set[Element] = set()
    for each in body.iter(tag):
        for holder in each.iterancestors():
            if holder in found:
                break
            found.add(holder)
    return found


def _compiled(frame: str, expressions: list[str]) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    return re2.compile(frame % "|".join(f"(?:{each})" for each in expressions), options)
