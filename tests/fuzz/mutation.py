"""Cases from seeds: pieces of a text taken out, doubled, moved, and replaced by what is known to hurt."""

from collections.abc import Sequence
from typing import AnyStr

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

_MOST_STEPS = 6
_LONGEST_PIECE = 200
_REPEATS = (2, 3, 10, 100, 2000)
_LARGEST = 60_000  # what a case may grow to


@st.composite
def mutated(draw: DrawFn, seeds: Sequence[AnyStr], tokens: SearchStrategy[AnyStr]) -> AnyStr:
    """Return a seed after a few changes; ``tokens`` are what may come in."""
    text = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, _MOST_STEPS))):
        text = _changed(draw, text, seeds, tokens)[:_LARGEST]
    return text


def _changed(draw: DrawFn, text: AnyStr, seeds: Sequence[AnyStr], tokens: SearchStrategy[AnyStr]) -> AnyStr:
    start = draw(st.integers(0, len(text)))
    end = min(len(text), start + draw(st.integers(0, _LONGEST_PIECE)))
    piece = text[start:end]
    match draw(st.sampled_from(("insert", "many", "replace", "delete", "repeat", "splice", "cut"))):
        case "insert":
            middle = draw(tokens) + piece
        case "many":
            middle = draw(tokens) * draw(st.sampled_from(_REPEATS))
        case "replace":
            middle = draw(tokens)
        case "repeat":
            middle = piece * draw(st.sampled_from(_REPEATS))
        case "splice":
            other = draw(st.sampled_from(seeds))
            at = draw(st.integers(0, len(other)))
            middle = other[at : at + _LONGEST_PIECE]
        case "delete":
            middle = text[:0]
        case _:
            return text[:start]
    return text[:start] + middle + text[end:]
