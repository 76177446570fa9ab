"""Footnotes: where a note is called, and the notes themselves behind the text.

A call becomes ``<sup class="fn-N">``, a note a block that begins with ``<sup class="note-N">``: what ``escaping``
writes as ``[^N]`` and ``[^N]:``. CommonMark shows them as they are, dialects with footnotes make them links.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from aggregator.normalize.shapes.tree import (
    Element,
    all_of,
    ancestors,
    is_in,
    made,
    remove,
    replace,
    said,
    unwrap,
    words,
)

_CALL = re.compile(r"[\[(]?\s*(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶]{1,3}|note \d{1,3})\s*[\])]?\s*:?", re.IGNORECASE)
_CALL_CLASS = re.compile(
    r"(?:^|[\s_-])(?:footnote-?ref|noteref|fnref|footref|footnote-reference|footnote-link|footnote)"
)
_NOTE_NAME = re.compile(r"note|foot|fn|bib|ftn")  # in the name of what a bare number leads to
_ARROWS = re.compile(r"[\s\[\]()^↩↑⤴⏎↵←⬆\ufe0e\ufe0f]*")
_MARKS = " \t\n\xa0[]():.^"  # around the number of a note
_BLOCKS = frozenset({"li", "p", "div", "aside", "dd", "td", "section", "blockquote"})
_MOST_NOTES = 500


def write_footnotes(body: Element) -> None:
    """Number the notes in the order in which they are called, and put them at the end in that order."""
    targets = _targets(body)
    numbers: dict[str, int] = {}
    notes: dict[Element, str] = {}  # with what they are called
    calls: set[str] = set()  # names of the places where notes are called, which they link back to
    for link in all_of(body, "a"):
        name = _fragment(link)
        if name not in targets or not _is_call(link) or any(block in notes for block in link.iterancestors()):
            continue
        if name not in numbers and len(notes) < _MOST_NOTES:
            note = _note(targets[name], link)
            if note is not None and note not in notes:
                notes[note] = said(link).strip(_MARKS)
                numbers[name] = len(notes)
        if name in numbers:
            calls.update(_names(link))
            _call(link, numbers[name])
    for number, (note, called) in enumerate(notes.items(), 1):
        _drop_links_back(note, calls)
        _write(body, note, number, called)


def _targets(body: Element) -> dict[str, Element]:
    targets: dict[str, Element] = {}
    for element in body.xpath(".//*[@id or @name]"):
        for name in (element.get("id"), element.get("name")):
            if name:
                targets.setdefault(name, element)
    return targets


def _fragment(link: Element) -> str:
    return unquote((link.get("href") or "").partition("#")[2])


def _is_call(link: Element) -> bool:
    text = said(link).strip()
    if not _CALL.fullmatch(text):
        return False
    parent = link.getparent()
    is_raised = parent.tag == "sup" or bool(all_of(link, "sup"))
    if text.isdecimal() and _NOTE_NAME.search(_fragment(link)):
        return True
    return is_raised or text[0] in "[(*†‡" or bool(_CALL_CLASS.search(f"{link.get('class')} {parent.get('class')}"))


def _note(target: Element, link: Element) -> Element | None:
    """The block that the call leads to, if it can be a note: one of several words, which does not hold the call."""
    block = target
    while block.tag not in _BLOCKS or words(block, 4) < 4:  # an anchor beside the note, or the note's number
        block = block.getparent()
        if block is None or block.tag == "body":
            return None
    return None if _holds(block, link) else block


def _holds(block: Element, element: Element) -> bool:
    return any(ancestor is block for ancestor in element.iterancestors())


def _names(link: Element) -> Iterator[str]:
    before = link.getprevious()
    near = (link, *link.iterdescendants(), *ancestors(link, 2), *(() if before is None else (before,)))
    return (name for element in near for name in (element.get("id"), element.get("name")) if name)


def _call(link: Element, number: int) -> None:
    parent = link.getparent()
    whole = parent if parent.tag == "sup" and said(parent).strip(_MARKS) == said(link).strip(_MARKS) else link
    replace(whole, made("sup", str(number), **{"class": f"fn-{number}"}))


def _drop_links_back(note: Element, calls: set[str]) -> None:
    for link in all_of(note, "a"):
        name = _fragment(link)
        if name and is_in(link, note) and (name in calls or _ARROWS.fullmatch(said(link))):
            remove(link)


def _write(body: Element, note: Element, number: int, called: str) -> None:
    first = next((block for block in all_of(note, "p", "div") if said(block).strip()), note)
    # CommonMark would take "[^1]: word" for the address of a link, and show nothing.
    label = made("sup", str(number), **({"class": f"note-{number}"} if words(note, 3) > 2 else {}))
    label.tail = " " + _less_number(first, called)
    first.text = None
    first.insert(0, label)
    block = made("div", "")
    _take(note, block)
    body.append(block)


def _less_number(first: Element, called: str) -> str:
    """The text that the note begins with, and no number that it had of its own."""
    text = str(first.text or "").lstrip()
    opening, number, rest = text.lstrip(_MARKS).partition(called)
    if number and not opening and (not rest or rest[0] in _MARKS):
        return rest.lstrip(_MARKS)
    if not text.strip(_MARKS):
        if len(first) and said(first[0]).strip(_MARKS) == called:
            remove(first[0])
        return ""
    return text


def _take(note: Element, block: Element) -> None:
    block.text = note.text
    for child in list(note):
        block.append(child)
    _drop_empty(note)


def _drop_empty(element: Element) -> None:
    parent = element.getparent()
    remove(element)
    while parent is not None and parent.tag in ("ol", "ul", "table", "tbody", "tr") and not words(parent, 1):
        unwrap(parent)
        parent = parent.getparent()
