"""Where a footnote is called: links to notes, and what a script makes one."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from aggregator.normalize.shapes.tree import Element, all_of, ancestors, made, said

MARKS = " \t\n\xa0[]():.^"  # around the number of a note
NOTE_NAME = re.compile(r"note|foot|fn|bib|ftn")  # in the name of what a bare number leads to
_CALL = re.compile(r"[\[(]?\s*(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶]{1,3}|note \d{1,3})\s*[\])]?\s*:?", re.IGNORECASE)
_CALL_CLASS = re.compile(
    r"(?:^|[\s_-])(?:footnote-?ref|noteref|fnref|footref|footnote-reference|footnote-link|footnote)"
)
_NOWHERE = re.compile(r"#?|javascript:.*", re.DOTALL)
_NAMING = ("aria-describedby", "aria-details", "data-definition", "data-footnote-id")
_NOTE_IDS = ("fn", "fn-", "fn:", "fn_", "footnote", "footnote-", "note", "note-")  # and a number


def named_in(body: Element) -> dict[str, Element]:
    """Return what links can lead to, by its name."""
    targets: dict[str, Element] = {}
    for element in body.xpath(".//*[@id or @name]"):
        for name in (element.get("id"), element.get("name")):
            if name:
                targets.setdefault(name, element)
    return targets


def link_calls(body: Element, targets: Mapping[str, Element]) -> None:
    """Make links of what calls a note for a script alone: by an attribute, or by its class and the note's name."""
    for link in all_of(body, "a"):
        if _NOWHERE.fullmatch(link.get("href") or "") and _CALL.fullmatch(said(link).strip()):
            named = (each.get(name) for each in (link, link.getparent()) for name in _NAMING)
            if name := next((name for name in named if name in targets), None):
                link.set("href", f"#{name}")
    for raised in all_of(body, "sup"):
        number = said(raised).strip(MARKS)
        if number.isdecimal() and _CALL_CLASS.search(raised.get("class") or "") and not all_of(raised, "a"):
            name = next((name for form in _NOTE_IDS if (name := form + number) in targets), None)
            if name and not any(around.tag == "a" for around in raised.iterancestors()):
                raised.text = None
                raised[:] = [made("a", number, href=f"#{name}")]


def fragment(link: Element) -> str:
    """Return the name that it leads to, or ""."""
    return unquote((link.get("href") or "").partition("#")[2])


def is_call(link: Element) -> bool:
    """Whether it looks like the call of a note: a raised number, one in brackets, a dagger."""
    text = said(link).strip()
    if not _CALL.fullmatch(text):
        return False
    parent = link.getparent()
    is_raised = parent.tag == "sup" or bool(all_of(link, "sup"))
    if text.isdecimal() and NOTE_NAME.search(fragment(link)):
        return True
    return is_raised or text[0] in "[(*†‡" or bool(_CALL_CLASS.search(f"{link.get('class')} {parent.get('class')}"))


def names_of(link: Element) -> Iterator[str]:
    """Yield the names of the place where the call stands, which its note links back to."""
    before = link.getprevious()
    near = (link, *link.iterdescendants(), *ancestors(link, 2), *(() if before is None else (before,)))
    return (name for element in near for name in (element.get("id"), element.get("name")) if name)
