"""A long Markdown text in pieces for programs that read so much at a time.

Where it is cut, the text itself decides, block by block: so that an edit changes the piece that it is in, and leaves
those before and after it as they were, under the same ids.
"""

import hashlib
import re
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from aggregator.text.sentences import sentences
from aggregator.text.tokens import tokens

TARGET = 400  # tokens of a piece, on average; a text of no more is one piece
MOST = 1200  # tokens of a piece
_SHORT = 2000  # characters; more are never so few tokens
_LEAST = 100  # tokens on either side of a cut that only length calls for

_GAP = re.compile(r"\n(?:[ \t]*\n)+")
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})(.*)$", re.MULTILINE)
_LINE = re.compile(r"[^\n]+\n*")
_SLICE = 400  # characters of what has no sentences
_CHECKSUMS = 2**32


class Chunk(NamedTuple):
    """A piece: ``text[start:end]``, in characters (Unicode code points)."""

    id: str  # of the words alone; those of a text are distinct
    tokens: int
    start: int
    end: int


class _Block(NamedTuple):
    start: int
    end: int
    tokens: int
    checksum: int
    is_heading: bool


def chunks(markdown: str) -> tuple[Chunk, ...]:
    """Return the pieces of a text in order: all of it but the space between them. None where there is no text.

    A piece begins at a heading, or at a block whose checksum says so: the longer the block, the more likely. Code and
    tables are cut only where they are longer than a piece can be, at a line; a paragraph at the end of a sentence.
    """
    end = len(markdown.rstrip())
    start = end - len(markdown[:end].lstrip())
    if end - start <= _SHORT and (count := tokens(markdown[start:end])) <= TARGET:
        return tuple(_named(markdown, [(start, end, count)]))
    blocks = [piece for block in _blocks(markdown, start, end) for piece in _fitting(markdown, block)]
    runs = [run for stretch in _stretches(blocks) for run in _fitting_runs(stretch)]
    return tuple(_named(markdown, [(run[0].start, run[-1].end, _sum(run)) for run in runs]))


def _blocks(markdown: str, start: int, end: int) -> Iterator[_Block]:
    """Yield what blank lines part, but for those in code, and before what is indented: it belongs to a list's item."""
    fenced = "```" in markdown or "~~~" in markdown
    fence = ""
    begin = start
    for gap in _GAP.finditer(markdown, start, end):
        if fenced:
            fence = _fence(markdown, begin, gap.start())
        if fence or markdown[gap.end() : gap.end() + 1] in (" ", "\t"):
            continue
        yield _block(markdown, begin, gap.start(), is_heading=markdown[begin] == "#")
        begin = gap.end()
    yield _block(markdown, begin, end, is_heading=markdown[begin] == "#")


def _fence(markdown: str, start: int, end: int) -> str:
    """Return the fence that is open at ``end``, or ""."""
    fence = ""
    for found in _FENCE.finditer(markdown, start, end):
        mark, rest = found.groups()
        if not fence:
            fence = mark
        elif mark.startswith(fence) and not rest.strip():
            fence = ""
    return fence


def _fitting(markdown: str, block: _Block) -> Iterator[_Block]:
    """Yield the block, or where it is longer than a piece can be: its lines, or the sentences of long ones."""
    if block.tokens <= MOST:
        yield block
        return
    for line in _LINE.finditer(markdown, block.start, block.end):
        for start, end in _sentences(line.group()):
            yield _block(markdown, line.start() + start, line.start() + end, is_heading=False)


def _sentences(line: str) -> Iterator[tuple[int, int]]:
    if len(line) <= _SLICE:
        yield 0, len(line)
        return
    for start, end in sentences(line):
        yield from ((place, min(place + _SLICE, end)) for place in range(start, end, _SLICE))


def _block(markdown: str, start: int, end: int, *, is_heading: bool) -> _Block:
    said = markdown[start:end]
    return _Block(start, end, tokens(said), zlib.crc32(said.encode(errors="replace")), is_heading)


def _stretches(blocks: Sequence[_Block]) -> Iterator[Sequence[_Block]]:
    """Yield the runs between cuts, each of which one block alone decides on; none is made right after a heading."""
    first = 0
    for number in range(1, len(blocks)):
        block = blocks[number]
        cuts = block.is_heading or block.checksum * TARGET < block.tokens * _CHECKSUMS
        if cuts and not blocks[number - 1].is_heading:
            yield blocks[first:number]
            first = number
    yield blocks[first:]


def _fitting_runs(run: Sequence[_Block]) -> Iterator[Sequence[_Block]]:
    """Yield the run, or where it is longer than a piece can be its parts: cut where the checksum is lowest in reach."""
    rest = _sum(run)
    first = 0
    while rest > MOST and first + 1 < len(run):
        place = min(_reach(run, first, rest), key=lambda number: run[number].checksum)
        yield run[first:place]
        rest -= _sum(run[first:place])
        first = place
    yield run[first:]


def _reach(run: Sequence[_Block], first: int, rest: int) -> Sequence[int]:
    """Return before which blocks a piece can end that starts at ``first``; at least one."""
    reached = []
    count = 0
    for number in range(first + 1, len(run)):
        count += run[number - 1].tokens
        if count > MOST and number > first + 1:
            break
        if _LEAST <= count <= rest - _LEAST:
            reached.append(number)
    return reached or [number]


def _sum(run: Sequence[_Block]) -> int:
    return sum(block.tokens for block in run)


def _named(markdown: str, spans: Iterable[tuple[int, int, int]]) -> Iterator[Chunk]:
    seen: Counter[str] = Counter()
    for start, end, count in spans:
        said = markdown[start:end].rstrip()
        if not said:
            continue
        name = hashlib.blake2b(said.encode(errors="replace"), digest_size=8).hexdigest()
        seen[name] += 1
        yield Chunk(name if seen[name] == 1 else f"{name}-{seen[name]}", count, start, start + len(said))
