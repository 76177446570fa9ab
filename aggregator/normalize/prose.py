"""Markdown of ordinary bodies, written at once: paragraphs, breaks, emphasis, links, images, headings, quotes, lists.

It writes what reads as the converter's Markdown does, in half of the time; whatever it is not sure of, it leaves to the
converter. The tests hold the two against each other.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import unescape

from aggregator.normalize.escaping import Walk, alternative, shown

_HREF = len('<a href="')
_SOURCE = len('<img src="')
_START = len('<ol start="')
_LIST = re.compile(r"(?:-|[0-9]+\.) ")
_REFERENCE = re.compile(r"&#?\w+;")
_BREAK = "  \n"
_PARAGRAPH = "\n\n"


class _Unusual(Exception):  # noqa: N818 - an answer, not an error
    """This body is for the converter."""


def written(tokens: Sequence[str]) -> str | None:
    """Return the CommonMark of a body, given as text and tags by turns, or None for one that is to be converted.

    The body is one that ``sanitise`` returned, less emphasis that CommonMark cannot express.
    """
    try:
        return _written(tokens)
    except _Unusual:
        return None


def _written(tokens: Sequence[str]) -> str:
    writer = _Writer()
    before, tags = "", [*tokens[1::2], ""]
    for number, tag in enumerate(["", *tags[:-1]]):
        text = tokens[2 * number]
        if tag:
            take = _TAKERS.get(tag)
            if take is None:
                writer.take_special(tag, text)
            else:
                take(writer, before, text)
        if text:
            writer.take_text(text, tags[number])
        before = text
    return writer.whole()


class _Writer(Walk):
    """Writes as it walks: blocks; of the block at hand, lines; of the line at hand, pieces."""

    __slots__ = ("_blocks", "_href", "_is_bare", "_items", "_lines", "_marker", "_number", "_outer", "_pieces")

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[str] = []
        self._lines: list[str] = []
        self._pieces: list[str] = []
        self._outer: list[str] | None = None  # the blocks before the quote now open
        self._items: list[str] | None = None  # of the list now open
        self._number: int | None = None  # of its next item
        self._marker = ""  # of the item now open
        self._is_bare = False  # whether text would stand in a list, between its items
        self._href = ""  # of the link now open

    def whole(self) -> str:
        """Return all that was written."""
        self._end_paragraph()
        return _PARAGRAPH.join(self._blocks)

    def take_text(self, text: str, following: str) -> None:
        """Take a piece of text, and the tag after it."""
        if self.at_start and text.isspace():
            return
        piece = self.quick_text(text)
        if not piece:
            piece = shown(self.text(text, following).replace("&lt;", "<").replace("&amp;", "&"))
        if self._is_bare:
            raise _Unusual
        self._pieces.append(piece)

    def take_special(self, tag: str, after: str) -> None:
        """Take a tag with attributes, and the text after it."""
        if tag.startswith("<a href="):
            self._open_link(tag[_HREF:-2], after)
        elif tag.startswith("<img src="):
            source, alt = tag[_SOURCE:-2].split('" alt="')
            self._add(f"![{alternative(alt)}]({_address(source)})")
        elif tag.startswith("<ol start="):
            self.open_list("", "", number=int(tag[_START:-2]))
        else:
            raise _Unusual

    def take_emphasis(self, before: str, after: str, mark: str, *, opens: bool) -> None:
        if (after[:1] if opens else before[-1:]).isspace():
            raise _Unusual  # the space belongs outside
        self._add(mark)

    def _open_link(self, href: str, label: str) -> None:
        if label[:1].isspace():
            raise _Unusual
        self._add("[")
        self._href = _address(href)
        self.in_link = True

    def close_link(self, before: str, _after: str) -> None:
        if before[-1:].isspace() or self._pieces[-1] == "[":
            raise _Unusual
        self._add(f"]({self._href})")
        self.in_link = False

    def take_break(self, _before: str, _after: str) -> None:
        if self.in_link or self.line:
            raise _Unusual
        if line := self._line():
            self._lines.append(line)
        elif self._items is not None or self._outer is not None:
            raise _Unusual
        else:
            self._end_paragraph()
        self.at_start = True

    def take_paragraph(self, _before: str, _after: str) -> None:
        """Take the beginning or end of an element that holds paragraphs or is one."""
        if self.in_link or self.line or self._items is not None:
            raise _Unusual
        if self._pieces or self._lines:
            self._end_paragraph()
        self.at_start = True
        self._is_bare = False

    def take_rule(self, before: str, after: str) -> None:
        self.take_paragraph(before, after)
        self._blocks.append("---")

    def open_heading(self, before: str, after: str) -> None:
        self.take_paragraph(before, after)
        self.line = 1

    def close_heading(self, _before: str, _after: str, marks: str) -> None:
        if line := self._line():
            self._blocks.append(f"{marks} {line}")
        self.line = 0
        self.at_start = True

    def open_quote(self, before: str, after: str) -> None:
        self.take_paragraph(before, after)
        if self._outer is not None:
            raise _Unusual
        self._outer, self._blocks = self._blocks, []

    def close_quote(self, before: str, after: str) -> None:
        self.take_paragraph(before, after)
        said = _PARAGRAPH.join(self._blocks)
        self._blocks, self._outer = self._outer or [], None
        if self._blocks and self._blocks[-1][0] == ">":
            raise _Unusual  # two quotes in a row
        if said:
            self._blocks.append("\n".join(f"> {line}" if line else ">" for line in said.split("\n")))

    def open_list(self, before: str, after: str, *, number: int | None) -> None:
        self.take_paragraph(before, after)
        if self._blocks and _LIST.match(self._blocks[-1]):
            raise _Unusual  # two lists in a row
        self._items = []
        self._number = number
        self._is_bare = True

    def close_list(self, _before: str, _after: str) -> None:
        if self._items:
            self._blocks.append("\n".join(self._items))
        self._items = None
        self._is_bare = False
        self.at_start = True

    def open_item(self, _before: str, _after: str) -> None:
        if self._items is None or self._marker:
            raise _Unusual
        self._is_bare = False
        self._marker = "- "
        if self._number is not None:
            self._marker = f"{self._number}. "
            self._number += 1
        self.at_start = True

    def close_item(self, _before: str, _after: str) -> None:
        line = self._line()
        if self._items is None or not line:
            raise _Unusual
        self._lines.append(line)
        self._items.append(self._marker + (_BREAK + " " * len(self._marker)).join(self._lines))
        self._lines = []
        self._marker = ""
        self._is_bare = True
        self.at_start = True

    def _add(self, piece: str) -> None:
        if self._is_bare:
            raise _Unusual
        self._pieces.append(piece)
        self.at_start = False

    def _line(self) -> str:
        """End the line at hand and return it."""
        if not self._pieces:
            return ""
        pieces, self._pieces = self._pieces, []
        line = "".join(pieces)
        if "  " in line:
            raise _Unusual
        if line.isascii() or line.isprintable():
            return line.strip()
        if any(piece.isspace() and piece != " " for piece in pieces):
            raise _Unusual
        return " ".join(line.split())

    def _end_paragraph(self) -> None:
        if line := self._line():
            self._lines.append(line)
        if self._lines:
            self._blocks.append(_BREAK.join(self._lines))
            self._lines = []


def _address(attribute: str) -> str:
    url = unescape(attribute) if "&" in attribute else attribute
    if not url.isascii() or _REFERENCE.search(url):
        raise _Unusual  # it has to be encoded
    return url


_Take = Callable[[_Writer, str, str], None]


def _pairs(names: str, opens: _Take, closes: _Take) -> dict[str, _Take]:
    return {f"<{name}>": opens for name in names.split()} | {f"</{name}>": closes for name in names.split()}


def _emphasis(mark: str) -> tuple[_Take, _Take]:
    take = partial(_Writer.take_emphasis, mark=mark)
    return partial(take, opens=True), partial(take, opens=False)


_TAKERS: Mapping[str, _Take] = {
    **_pairs("p div section article figure figcaption", _Writer.take_paragraph, _Writer.take_paragraph),
    **_pairs("b strong", *_emphasis("**")),
    **_pairs("em i", *_emphasis("*")),
    **_pairs("blockquote", _Writer.open_quote, _Writer.close_quote),
    **_pairs("ul", partial(_Writer.open_list, number=None), _Writer.close_list),
    **_pairs("ol", partial(_Writer.open_list, number=1), _Writer.close_list),
    **_pairs("li", _Writer.open_item, _Writer.close_item),
    **{
        tag: take
        for level in range(1, 7)
        for tag, take in _pairs(
            f"h{level}", _Writer.open_heading, partial(_Writer.close_heading, marks="#" * level)
        ).items()
    },
    "</a>": _Writer.close_link,
    "<br>": _Writer.take_break,
    "<hr>": _Writer.take_rule,
}
