"""Blocks that the converter would run together, kept apart by a mark that leaves no trace.

It writes no blank line between one quote and the next, nor in a quote behind a list or a table, and it loses its place
in an item that a table or a quote begins, or that has a line break before a tag: CommonMark would read on in the block
before. It does set paragraphs apart; so a paragraph of one character that no text has stands there while it converts.
"""

import re
from collections.abc import Iterator

_MARK = "\ufde3"  # a noncharacter, as the stand-ins of ``escaping`` are
_FILLER = "\ufde4"  # which stands for nothing
_PARAGRAPH = f"<p>{_MARK}</p>"
_EDGE = re.compile(r"<(/?)(?:blockquote|table)>|</[ou]l>")
_BREAK = re.compile(r"<br>(?=<(?:a |b>|code|em>|i>|img |strong>))")
_BETWEEN = re.compile(rf"[> ]*{_MARK}?")  # what stands alone on a line between two blocks
_BULLET = re.compile(rf"[> ]*(?:(?:-|[0-9]+[.)]) )+{_MARK}")
_NO_QUOTE = re.compile(r"[^>]")


def with_marks(markup: str) -> str:
    """Return well-formed HTML with a mark on both sides of each quote and table, and behind each list in a quote.

    A table that is in no list and no quote has none. In a list, a line break is not next to a tag.
    """
    is_list = "<li>" in markup
    if is_list and "<br><" in markup:
        markup = _BREAK.sub(f"<br>{_FILLER}", markup)
    if "<blockquote>" not in markup and not (is_list and "<table>" in markup):
        return markup
    depth = 0

    def marked(edge: re.Match[str]) -> str:
        nonlocal depth
        tag = edge.group()
        depth += {"<blockquote>": 1, "</blockquote>": -1}.get(tag, 0)
        if edge.group(1) == "":
            return _PARAGRAPH + tag
        return tag + _PARAGRAPH if depth or edge.group(1) else tag

    return _EDGE.sub(marked, markup)


def without_marks(markdown: str) -> str:
    """Return the Markdown with a blank line for each mark, and what a mark began beside the bullet of its item."""
    return "\n".join(_lines(markdown.split("\n"))) if _MARK in markdown else markdown


def _lines(lines: list[str]) -> Iterator[str]:
    number = 0
    while number < len(lines):
        start, number = number, _run(lines, number)
        if number > start:
            yield from _between(lines, start, number)
        elif _BULLET.fullmatch(lines[start]):
            number = _run(lines, start + 1)
            yield from _bullet(lines, start, number)
        else:
            yield lines[start]
            number = start + 1


def _run(lines: list[str], start: int) -> int:
    """Where the blank lines and marks end that begin there."""
    while start < len(lines) and _BETWEEN.fullmatch(lines[start]):
        start += 1
    return start


def _between(lines: list[str], start: int, end: int) -> Iterator[str]:
    """Yield one line for blank ones and marks: as far out as the least of them, for it ends all that is farther in."""
    run = [line.partition(_MARK)[0] for line in lines[start:end]]
    marks = [prefix for prefix, line in zip(run, lines[start:end], strict=True) if prefix != line]
    if not marks:
        yield from run
        return
    yield min((prefix.rstrip() for prefix in run), key=len)
    _move_table(lines, end, marks[-1])


def _bullet(lines: list[str], start: int, following: int) -> Iterator[str]:
    """Put the bullet in front of the line that its item goes on with; yield it where there is none."""
    bullet = lines[start][:-1]
    place = _NO_QUOTE.sub(" ", bullet)
    if following == len(lines) or not lines[following].startswith(place):
        yield bullet.rstrip()
        return
    _move_table(lines, following, place)
    lines[following] = bullet + lines[following][len(place) :]


def _move_table(lines: list[str], start: int, place: str) -> None:
    """Put the table that begins there in its place, which in a list is not where the converter puts it."""
    while start < len(lines) and lines[start].startswith(place) and lines[start][len(place) :].lstrip(" ")[:1] == "|":
        lines[start] = place + lines[start][len(place) :].lstrip(" ")
        start += 1
