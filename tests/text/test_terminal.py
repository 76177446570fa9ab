"""What a terminal shows and never obeys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.terminal import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]8;;http://evil/\x07click\x1b]8;;\x07", "\\x1b]8;;http://evil/\\x07click\\x1b]8;;\\x07"),
        ("\x1b]52;c;YQ==\x07", "\\x1b]52;c;YQ==\\x07"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("safe\rEVIL", "safe\\x0dEVIL"),
        ("\x90dcs\x9c", "\\x90dcs\\x9c"),
        ("one\ntwo", "one\\x0atwo"),
    ],
)
def test_escape_sequences_are_shown_not_obeyed(text: str, shown: str) -> None:
    """OI-12, OI-14."""
    assert printable(text) == shown


def test_invisible_characters_are_shown() -> None:
    """OI-13."""
    assert printable("a\u202eb\u2066c\u200bd\U000e0041e\ufeff") == "a\\u202eb\\u2066c\\u200bd\\U000e0041e\\ufeff"


def test_letters_of_all_scripts_stay() -> None:
    assert printable("Zürich 漢字 עברית हिन्दी 👍 – “x”") == "Zürich 漢字 עברית हिन्दी 👍 – “x”"


@given(st.text(alphabet=st.characters(codec=None)))
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    assert not any(ord(character) < 0x20 or 0x7F <= ord(character) < 0xA0 for character in printable(text))
    assert len(printable(text).splitlines()) <= 1
