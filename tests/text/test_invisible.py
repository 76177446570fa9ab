"""Characters that nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.invisible import invisible_flags

TAGGED = "".join(chr(0xE0000 + ord(letter)) for letter in "ignore")


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        ("pass\u200bword", ["zero_width"]),
        ("па\u2060роль", ["zero_width"]),
        ("a \u200b\u200c\u200b b", ["zero_width"]),
        ("🙂" + "\U000e0120" * 5, ["zero_width"]),
        ("invoice\u202efdp.exe", ["bidi_override"]),
        ("if \u2066admin\nreturn", ["bidi_override"]),
        (f"Words. {TAGGED}", ["tag_characters"]),
        (f"a\u200bb \u202e {TAGGED}", ["zero_width", "bidi_override", "tag_characters"]),
    ],
)
def test_tricks_are_flagged(text: str, flags: list[str]) -> None:
    """OI-13."""
    assert list(invisible_flags(text)) == flags


@pytest.mark.parametrize(
    "text",
    [
        "می\u200cخواهم",  # Persian
        "ශ්\u200dරී ක්\u200dෂ",  # Sinhala
        "ภาษา\u200bไทย",
        "👩\u200d👩\u200d👧\u200d👦 ❤\ufe0f\u200d🔥",
        "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland
        "https://x.example/\u200ba/\u200bb",
        "He said \u2067שלום\u2069 to us, and \u202bשלום\u202c again",
        "葛\U000e0100飾区",
        "Words.\u200b\ufeff",
        "co\u00adoperate — “so”",
    ],
)
def test_what_scripts_and_emoji_need_is_not(text: str) -> None:
    assert invisible_flags(text) == ()


@given(st.text(st.characters(exclude_categories=("Cf", "Mn", "Cs"))))
def test_text_without_such_characters_has_no_flag(text: str) -> None:
    assert invisible_flags(text) == ()
