"""An estimate of tokens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.tokens import tokens


@pytest.mark.parametrize(
    ("text", "counted"),  # by a byte-pair vocabulary of 65,000
    [
        ("The harbour ferry sails again from Monday, after repairs that took eleven weeks.", 16),
        ("Die Fähre fährt ab Montag wieder, nach Reparaturen, die elf Wochen gedauert haben.", 28),
        ("Паром снова ходит с понедельника после ремонта, который занял одиннадцать недель.", 39),
        ("港のフェリーは、11週間かかった修理を終えて月曜日から運航を再開する。", 37),
        ("渡轮经过十一周的维修后，将于周一恢复航行。", 24),
        ("`for n in range(10): print(n)`", 12),
    ],
)
def test_the_estimate_is_within_a_third(text: str, counted: int) -> None:
    assert tokens(text) == pytest.approx(counted, rel=1 / 3)


def test_no_text_is_no_token_and_any_text_is_one() -> None:
    assert tokens("") == 0
    assert tokens(" ") == tokens("a") == 1


@given(st.text(), st.text())
def test_two_texts_together_have_the_tokens_of_both(one: str, other: str) -> None:
    assert tokens(one + other) == pytest.approx(tokens(one) + tokens(other), abs=1.5)
