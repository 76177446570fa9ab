"""What each revision of a story changed, word by word."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from itertools import accumulate
from typing import Literal

import re2

from aggregator.model import Record
from aggregator.store.past import Line
from aggregator.text.markdown import text_of
from aggregator.web.wording import word_end, word_start

_WORDS = re2.compile(r"\s+|[\pL\pN\pM_]+|[^\s\pL\pN\pM_]")
_MOST_WORDS = 3000  # of a text: beyond that lines are compared, and words where they changed, as comparing is quadratic
_LONGEST = 1000  # characters that came or went in one place
_CONTEXT = 160  # characters of what stayed the same that are shown around a change
_MOST_OF_STEP, _MOST_SHOWN = 8_000, 24_000  # bytes of one step, and of all that a page shows
_MARKUP = 20  # bytes around a piece
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
        parts = () if before is None else tuple(_bounded(_changes(before, line.record)))
        found.append(Step(at=line.at, said=_SAID.get(line.kind, line.kind), revision=line.revision, parts=parts))
        before = line.record
    return found[::-1]


def first_steps(found: Sequence[Step]) -> Sequence[Step]:
    """Return as many of the first steps as one page holds, and one at least."""
    sizes = accumulate(sum(_size(piece) for _, shown in step.parts for piece in shown) for step in found)
    return found[: max(1, sum(size <= _MOST_SHOWN for size in sizes))]


def pieces(before: str, after: str) -> list[Piece]:
    """Return how one text became another."""
    words = _WORDS.findall(before), _WORDS.findall(after)
    if max(map(len, words)) <= _MOST_WORDS:
        return _compared(*words)
    lines = before.splitlines(keepends=True), after.splitlines(keepends=True)
    if max(map(len, lines)) <= _MOST_WORDS:
        return list(_by_words(_compared(*lines)))
    return _compared([before], [after])


def _compared(mine: Sequence[str], theirs: Sequence[str]) -> list[Piece]:
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece(kind="same", text="".join(mine[a:b])))
            continue
        found += [Piece(kind="old", text="".join(mine[a:b]))] if b > a else []
        found += [Piece(kind="new", text="".join(theirs[c:d]))] if d > c else []
    return found


def _by_words(found: Sequence[Piece]) -> Iterator[Piece]:
    """Yield what comparing lines found, words compared where lines took the place of others: so many of them."""
    left = _MOST_WORDS
    rest = iter([*found, None])
    piece = next(rest)
    while piece is not None:
        following = next(rest)
        if piece.kind == "old" and following is not None and following.kind == "new":
            words = _WORDS.findall(piece.text), _WORDS.findall(following.text)
            left -= max(map(len, words))
            yield from _compared(*words) if left >= 0 else (piece, following)
            following = next(rest)
        else:
            yield piece
        piece = following


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


def _bounded(parts: Iterable[tuple[str, Sequence[Piece]]]) -> Iterator[tuple[str, tuple[Piece, ...]]]:
    """Yield the parts up to where they are too much for anybody to read."""
    left = _MOST_OF_STEP
    for name, shown in parts:
        sizes = accumulate(map(_size, shown))
        kept = tuple(piece for piece, size in zip(shown, sizes, strict=True) if size <= left)
        left -= sum(map(_size, kept))
        yield name, kept if len(kept) == len(shown) else (*kept, Piece(kind="gap", text="…"))


def _size(piece: Piece) -> int:
    return len(piece.text.encode()) + _MARKUP


def _shortened(found: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces, less what stayed the same far from any change."""
    for place, piece in enumerate(found):
        text = piece.text
        if len(text) > _LONGEST and piece.kind != "same":
            yield Piece(kind=piece.kind, text=f"{text[: word_end(text, _LONGEST)]}…")
            continue
        if piece.kind != "same" or len(text) <= 2 * _CONTEXT:
            yield piece
            continue
        if place:
            yield Piece(kind="same", text=text[: word_end(text, _CONTEXT)])
        yield Piece(kind="gap", text="…")
        if place < len(found) - 1:
            yield Piece(kind="same", text=text[word_start(text, len(text) - _CONTEXT) :])
