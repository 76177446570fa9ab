"""Titles as they are compared."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.store.headlines import length, tells_of_one, terms, weights

QUAKE = "Strong earthquake shakes coast of Sumatra"


def test_case_silent_words_and_marks_do_not_count() -> None:
    assert terms(QUAKE) == terms("STRONG earthquake: shakes the “Coast” at Sumatra’s") != terms("Strong earthquake")


def test_scripts_without_spaces_are_compared_by_neighbours_and_two_of_them_are_a_word() -> None:
    one, other = (
        terms("\u30a2\u30e1\u30ea\u30ab\u4eba\u3068\u5bff\u53f8"),
        terms("\u306c\u308b\u98a8\u5442\u3068\u30a2\u30e1\u30ea\u30ab"),
    )
    assert len(one & other) == 3
    assert not tells_of_one(1.0, one & other)
    assert tells_of_one(1.0, one | other)


def test_a_title_that_says_too_little_has_no_words() -> None:
    assert terms("The weather for today") == terms("Morning briefing") == terms("") == frozenset()


def test_what_few_titles_have_weighs_more() -> None:
    common, rare, new = weights([1, 2, 3], {1: 99, 2: 3}, 100).values()
    assert 1 <= common < rare < new


@given(st.text(max_size=400))
def test_any_text_is_a_title_and_alike_to_itself(text: str) -> None:
    words = terms(text)
    assert all(0 < word < 2**32 for word in words)
    weighed = weights(words, {}, 10)
    assert not words or abs(sum(weight**2 for weight in weighed.values()) / length(weighed) ** 2 - 1) < 1e-9
