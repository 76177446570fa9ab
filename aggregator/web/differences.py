"""What each revision of a story changed, word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from aggregator.model import Record
from aggregator.store.past import Line
from aggregator.text.markdown import text_of

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_MOST_WORDS = 3000  # of a text: beyond that lines are compared, as comparing is quadratic
_LONGEST = 4000  # characters that came or went in one place
_CONTEXT = 160  # characters of what stayed the same that are shown around a change
_SAID = {"new": "First published here", "updated": "Changed", "merged": "Merged", "retracted": "Taken back by its feed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Text that stayed, came or went; "gap" is what stayed and is left out."""

    kind: Literal["same", "new", "old", "gap"]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a story's history."""

    at: datetime
    said: str
    revision: int
    parts: tuple[tuple[str, tuple[Piece, ...]], ...]  # what changed, and how


def steps(lines: Sequence[Line]) -> list[Step]:
    """Return the history, the newest first. The first line's revision is what it begins with, and shows no change."""
    before: Record | None = None
    found = []
    for line in lines:
        parts = () if before is None else tuple(_changes(before, line.record))
        found.append(Step(at=line.at, said=_SAID.get(line.kind, line.kind), revision=line.revision, parts=parts))
        before = line.record
    return found[::-1]


def pieces(before: str, after: str) -> list[Piece]:
    """Return how one text became another."""
    mine, theirs = _WORDS.findall(before), _WORDS.findall(after)
    if max(len(mine), len(theirs)) > _MOST_WORDS:
        mine, theirs = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(len(mine), len(theirs)) > _MOST_WORDS:
        mine, theirs = [before], [after]
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece(kind="same", text="".join(mine[a:b])))
            continue
        found += [Piece(kind="old", text="".join(mine[a:b]))] if b > a else []
        found += [Piece(kind="new", text="".join(theirs[c:d]))] if d > c else []
    return found


def _changes(before: Record, after: Record) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    texts = (before.body_md, after.body_md)
    plain = tuple(text_of(record.body_md) for record in (before, after))
    compared = (
        ("Title", before.title, after.title),
        ("Summary", before.summary, after.summary),
        ("Text", *(texts if plain[0] == plain[1] else plain)),  # what is no word, such as where a link leads
    )
    for name, old, new in compared:
        if old != new:
            yield name, tuple(_shortened(pieces(old, new)))


def _shortened(found: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, less what stayed the same far from any change."""
    for place, piece in enumerate(found):
        text = piece.text
        if len(text) > _LONGEST and piece.kind != "same":
            yield Piece(kind=piece.kind, text=f"{text[:_LONGEST]}…")
            continue
        if piece.kind != "same" or len(text) <= 2 * _CONTEXT:
            yield piece
            continue
        if place:
            yield Piece(kind="same", text=text[:_CONTEXT])
        yield Piece(kind="gap", text="…")
        if place < len(found) - 1:
            yield Piece(kind="same", text=text[-_CONTEXT:])
