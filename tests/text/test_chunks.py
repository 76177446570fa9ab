"""A long text in pieces that outlive an edit."""

import time
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.chunks import MOST, TARGET, Chunk, chunks

TEXT = "the harbour ferry is back on Monday after repairs that took eleven weeks of long work and a new boat sails"
WORDS = TEXT.split()
# Between 400 and 1,200 tokens in all: the promise has exceptions below and above.
PARAGRAPHS = st.lists(st.integers(0, 10**6), min_size=12, max_size=16, unique=True)
MARKDOWN = st.lists(
    st.sampled_from(["a b c. ", "\n", "\n\n", "# h", "```", "~~~", "- x", "    y", "> q", "港。", "| a | b |", "  "])
    | st.integers(0, 99).map(lambda number: "word " * number)
).map("".join)


def a_paragraph(seed: int) -> str:
    random = Random(seed)
    return " ".join(random.choices(WORDS, k=random.randint(40, 55))) + f" {seed}."


def ids(paragraphs: list[str]) -> list[str]:
    return [chunk.id for chunk in chunks("\n\n".join(paragraphs))]


def said(text: str) -> list[str]:
    return [text[chunk.start : chunk.end] for chunk in chunks(text)]


@given(PARAGRAPHS, st.integers(0, 11), st.integers(0, 10**6))
def test_an_edited_paragraph_costs_two_chunks_at_most(seeds: list[int], place: int, other: int) -> None:
    before = [a_paragraph(seed) for seed in seeds]
    after = [*before[:place], a_paragraph(other), *before[place + 1 :]]
    assert len(set(ids(before)) - set(ids(after))) <= 2


@given(PARAGRAPHS, st.integers(0, 12), st.integers(0, 10**6))
def test_an_added_paragraph_costs_two_chunks_at_most(seeds: list[int], place: int, other: int) -> None:
    before = [a_paragraph(seed) for seed in seeds]
    after = [*before[:place], a_paragraph(other), *before[place:]]
    assert len(set(ids(before)) - set(ids(after))) <= 2


def test_a_long_text_keeps_nearly_all_of_its_chunks() -> None:
    random = Random(7)
    lost = []
    for _ in range(200):
        before = [a_paragraph(random.randrange(10**6)) for _ in range(80)]
        after = list(before)
        after[random.randrange(80)] += " And more."
        lost.append(len(set(ids(before)) - set(ids(after))))
    assert sum(each <= 2 for each in lost) >= 198


def test_chunks_are_of_the_promised_size() -> None:
    counts = [chunk.tokens for seed in range(40) for chunk in chunks(_article(seed, 60))]
    assert max(counts) <= MOST
    assert TARGET / 2 < sum(counts) / len(counts) < TARGET * 1.5


def _article(seed: int, paragraphs: int) -> str:
    return "\n\n".join(a_paragraph(seed * 1000 + number) for number in range(paragraphs))


@given(MARKDOWN)
def test_chunks_are_all_of_the_text_but_the_space_between_them(text: str) -> None:
    pieces = chunks(text)
    assert "".join("".join(said(text)).split()) == "".join(text.split())
    assert all(one.end <= other.start for one, other in pairwise(pieces))
    assert all(0 < chunk.tokens <= MOST for chunk in pieces)
    assert len({chunk.id for chunk in pieces}) == len(pieces)


def test_a_short_text_is_one_chunk_and_none_has_none() -> None:
    assert chunks(" \n ") == ()
    text = "# Head\n\nWords.\n\n## Next\n\nMore."
    assert chunks(f"\n{text}\n") == (Chunk(chunks(text)[0].id, chunks(text)[0].tokens, 1, 1 + len(text)),)


def test_a_heading_begins_a_chunk_and_goes_with_what_it_heads() -> None:
    pieces = said(f"{_article(1, 8)}\n\n## Part\n\n### Detail\n\n{_article(2, 8)}")
    headed = [piece for piece in pieces if "## Part" in piece]
    assert len(headed) == 1
    assert headed[0].startswith("## Part\n\n### Detail\n\n")


@pytest.mark.parametrize(
    "whole",
    [
        "```python\n" + "x = 1\n\n\n" * 60 + "```",
        "~~~\n```\n\n" + "y\n\n" * 60 + "~~~",
        "- one\n\n" + "".join(f"  more {number}\n\n" for number in range(60)).strip("\n"),
        "| a | b |\n| --- | --- |\n" + "| 1 | 2 |\n" * 60 + "| 3 | 4 |",
    ],
    ids=["code", "fence in a fence", "a list's item", "table"],
)
def test_what_belongs_together_is_in_one_chunk(whole: str) -> None:
    assert any(whole in piece for piece in said(f"{_article(3, 12)}\n\n{whole}\n\n{_article(4, 12)}"))


def test_words_that_come_again_have_ids_of_their_own() -> None:
    section = f"# Same\n\n{_article(5, 3)}"
    names = [chunk.id for chunk in chunks("\n\n".join([section] * 6))]
    assert len(set(names)) == len(names)
    assert any(name.endswith("-6") for name in names)


@pytest.mark.parametrize("piece", ["a\n\n", "x", "a. ", "```\n\n", "# a\n\n", "> - ", "- 1. ", "\n \n", "港"])
def test_a_hostile_text_costs_time_in_proportion(piece: str) -> None:
    started = time.process_time()
    pieces = chunks(piece * (300_000 // len(piece)))
    assert time.process_time() - started < 5
    assert all(chunk.tokens <= MOST for chunk in pieces)
