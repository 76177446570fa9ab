"""``[[rules]]``."""

from pathlib import Path

import pytest

from aggregator.model import Pattern, Rule
from aggregator.settings import ConfigError, load

MISTAKES = {
    "an action there is not": (
        'action = "hide"',
        "2:10: rules.action: expected 'keep', 'drop', 'tag' or 'rewrite', got \"hide\"",
    ),
    "no action": ('title = "x"', "1:3: rules: action is missing"),
    "a regex that is none": (
        'action = "drop"\ntitle = { regex = "(" }',
        "3:9: rules.title: not a regular expression of RE2: missing ): (",
    ),
    "a regex that looks around": (
        'action = "drop"\ntext = { regex = "(?=x)" }',
        "3:8: rules.text: not a regular expression of RE2: invalid perl operator: (?=",
    ),
    "a regex without end": (
        'action = "drop"\ntext = { regex = "((a{100}){100}){100}" }',
        "3:8: rules.text: not a regular expression of RE2: invalid repetition size: {100}",
    ),
    "no words": (
        'action = "drop"\nauthor = " "',
        '3:10: rules.author: expected words to look for, or { regex = "…" }, got " "',
    ),
    "a tag without tags": ('action = "tag"', '1:3: rules: action = "tag" needs "tags"'),
    "a rewrite of nothing": ('action = "rewrite"\nreplace = "x"', '1:3: rules: action = "rewrite" needs "find"'),
    "tags for a drop": (
        'action = "drop"\ntags = ["x"]',
        '1:3: rules: "tags" is for action = "tag", and this one is "drop"',
    ),
    "a group there is not": (
        'action = "rewrite"\nfind = { regex = "(a)" }\nreplace = "\\\\2"',
        '1:3: rules: replace: expected groups \\0 to \\1, got "\\\\2"',
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_shown_where_it_is(mistake: str, tmp_path: Path) -> None:
    text, expected = MISTAKES[mistake]
    path = tmp_path / "aggregator.toml"
    path.write_text(f"[[rules]]\n{text}\n")
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert str(caught.value) == f"{path}:{expected}"


def test_rules_are_read_in_their_order_and_have_names(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.toml"
    path.write_text(
        '[[rules]]\naction = "keep"\nfeed = "Example"\n'
        '[[rules]]\nname = "calm"\naction = "rewrite"\nfield = "summary"\nfind = { regex = "(x)" }\nreplace = "\\\\1"\n'
        '[[rules]]\naction = "tag"\ntags = ["a"]\ncategory = "b"\n'
    )
    assert load(path, {}).judging() == (
        Rule(name="rule 1", action="keep", feed="Example"),
        Rule(name="calm", action="rewrite", field="summary", find=Pattern(text="(x)", is_regex=True), replace="\\1"),
        Rule(name="rule 3", action="tag", tags=("a",), category=Pattern(text="b")),
    )
