"""Footnotes: where a note is called, and the notes themselves behind the text.

A call becomes ``<sup class="fn-N">``, a note a block that begins with ``<sup class="note-N">``: what ``escaping``
writes as ``[^N]`` and ``[^N]:``. CommonMark shows them as they are, dialects with footnotes make them links.
"""

import re
from collections.abc import Collection, Mapping

from lxml import etree

from aggregator.normalize.shapes.calls import MARKS, NOTE_NAME, fragment, is_call, link_calls, named_in, names_of
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

_ARROWS = re.compile(r"[\s\[\]()^↩↑⤴⏎↵←⬆\ufe0e\ufe0f]*")
_BLOCKS = frozenset({"li", "p", "div", "aside", "dd", "td", "section", "blockquote"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_IS_HEADING = " or ".join(f"self::{name}" for name in sorted(_HEADINGS))
_MOST_NOTES = 500


def write_footnotes(body: Element) -> None:
    """Number the notes in the order in which they are called, and put them at the end in that order."""
    targets = named_in(body)
    link_calls(body, targets)
    notes, calls = _number(body, targets)
    above = _headings_above(body, notes)
    for note in notes:
        _take_what_follows(note, notes)
    written = []
    for number, (note, called) in enumerate(notes.items(), 1):
        _drop_links_back(note, calls)
        written.append(_written(body, note, number, called))
    for heading in above - _headings_with_words(body, written[:1]):
        if is_in(heading, body):
            remove(heading)


def _number(body: Element, targets: Mapping[str, Element]) -> tuple[dict[Element, str], set[str]]:
    """Number all calls; return the notes with what they are called, and the names of the places that call them."""
    numbers: dict[str, int] = {}
    notes: dict[Element, str] = {}
    calls: set[str] = set()
    for link in all_of(body, "a"):
        name = fragment(link)
        if name not in targets or not is_in(link, body) or not is_call(link) or _is_in_any(link, notes):
            continue
        if name not in numbers and len(notes) < _MOST_NOTES:
            note = _note(targets[name], link)
            if note is not None and note not in notes:
                notes[note] = said(link).strip(MARKS)
                numbers[name] = len(notes)
        if name in numbers:
            calls.update(names_of(link))
            _call(link, numbers[name])
    return notes, calls


def _is_in_any(link: Element, notes: Collection[Element]) -> bool:
    return any(block in notes for block in link.iterancestors())


def _note(target: Element, link: Element) -> Element | None:
    """The block that the call leads to, if it can be a note: an item, or of several words, which does not hold it."""
    block = target
    heading = next((each for each in (target, *ancestors(target, 3)) if each.tag in _HEADINGS), None)
    if heading is not None and words(heading, 2) < 2 and (below := heading.getnext()) is not None:
        remove(heading)  # which is the note's number
        return None if below.tag not in _BLOCKS or _holds(below, link) else below
    # It may be an anchor beside the note, or the note's number.
    while block.tag not in _BLOCKS or words(block, 4) < (1 if block.tag == "li" else 4):
        block = block.getparent()
        if block is None or block.tag == "body":
            return None
    return None if _holds(block, link) else block


def _headings_above(body: Element, notes: Collection[Element]) -> set[Element]:
    above: set[Element] = set()
    last = None
    for each in body.iter():
        if each.tag in _HEADINGS:
            last = each
        elif last is not None and each in notes:
            above.add(last)
    return above


def _headings_with_words(body: Element, notes: Collection[Element]) -> set[Element]:
    """The headings with any text between them and the next heading or the notes."""
    spoken: set[Element] = set()
    last = None
    for event, each in etree.iterwalk(body, events=("start", "end")):
        if each in notes:
            break
        if each.tag in _HEADINGS:
            last = None if event == "start" else each
        text = each.text if event == "start" else each.tail
        if last is not None and text and not text.isspace():
            spoken.add(last)
    return spoken


def _take_what_follows(note: Element, notes: Collection[Element]) -> None:
    """Take the paragraphs between one note and the next, where each begins in a paragraph of its own."""
    between: list[Element] = []
    following = note.getnext()
    while following is not None and following.tag == "p" and following not in notes:
        between.append(following)
        following = following.getnext()
    if note.tag == "p" and between and following is not None and following in notes and _is_named(note.getparent()):
        inner = made("p", note.text or "")
        inner.extend(list(note))
        note.text, note.tag = None, "div"
        note.extend([inner, *between])


def _is_named(holder: Element) -> bool:
    return bool(NOTE_NAME.search(f"{holder.get('class')} {holder.get('id')}"))


def _holds(block: Element, element: Element) -> bool:
    return any(ancestor is block for ancestor in element.iterancestors())


def _call(link: Element, number: int) -> None:
    parent = link.getparent()
    whole = parent if parent.tag == "sup" and said(parent).strip(MARKS) == said(link).strip(MARKS) else link
    replace(whole, made("sup", str(number), **{"class": f"fn-{number}"}))


def _drop_links_back(note: Element, calls: set[str]) -> None:
    for link in all_of(note, "a"):
        name = fragment(link)
        if name and is_in(link, note) and (name in calls or _ARROWS.fullmatch(said(link))):
            remove(link)


def _written(body: Element, note: Element, number: int, called: str) -> Element:
    first = _first_block(note, called)
    # CommonMark would take "[^1]: word" for the address of a link, and show nothing.
    label = made("sup", str(number), **({"class": f"note-{number}"} if words(note, 3) > 2 else {}))
    label.tail = " " + _less_number(first, called)
    first.text = None
    first.insert(0, label)
    block = made("div", "")
    _take(note, block)
    body.append(block)
    return block


def _first_block(note: Element, called: str) -> Element:
    """The innermost paragraph that the note begins with, less a number of its own that stands before that."""
    block = note
    while True:
        inner = next((child for child in block if child.tag in ("p", "div") and said(child).strip()), None)
        if inner is None:
            return block
        before = list(inner.itersiblings(preceding=True))
        text = "".join([block.text or "", *(said(each) + (each.tail or "") for each in reversed(before))])
        if text.strip(MARKS) not in ("", called):
            return block
        for each in before:
            each.tail = None
            remove(each)
        block.text, block = None, inner


def _less_number(first: Element, called: str) -> str:
    """The text that the note begins with, and no number that it had of its own."""
    text = str(first.text or "").lstrip()
    opening, number, rest = text.lstrip(MARKS).partition(called)
    if number and not opening and (not rest or rest[0] in MARKS):
        return rest.lstrip(MARKS)
    if not text.strip(MARKS):
        if len(first) and said(first[0]).strip(MARKS) == called:
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
