"""Text in any script as ASCII words."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.slugs import ascii_slug


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Ferry Returns: All's Well!", "ferry-returns-alls-well"),
        ("Don’t stop", "dont-stop"),
        ("L'été à Zürich", "lete-a-zurich"),
        ("Москва слезам не верит", "moskva-slezam-ne-verit"),
        ("漢字", "han-zi"),
        ("C++ & C#", "c-c"),
        ("…", ""),
        ("", ""),
    ],
)
def test_words_are_ascii_and_joined_by_hyphens(text: str, slug: str) -> None:
    assert ascii_slug(text, most=100) == slug


def test_a_long_text_is_cut_between_words() -> None:
    assert ascii_slug("one two three four", most=11) == "one-two"
    assert ascii_slug("one two three four", most=13) == "one-two-three"


def test_a_word_that_is_too_long_is_cut() -> None:
    assert ascii_slug("x" * 200, most=100) == "x" * 100


@given(st.text(), st.integers(min_value=1, max_value=120))
def test_a_slug_is_always_one(text: str, most: int) -> None:
    slug = ascii_slug(text, most=most)
    assert len(slug) <= most
    assert re.fullmatch("(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
