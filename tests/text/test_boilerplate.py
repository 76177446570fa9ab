"""What feeds add to a text that is no part of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.boilerplate import boilerplate, rules_of, without_boilerplate

BODY = "The ferry is back."
RULES = {kind: rules_of(kind) for kind in ("text", "image")}
KEPT = [example for rule in RULES["text"] for example in rule["keep"]]


def goes(*places: str) -> list[tuple[str, str]]:
    return [(rule["name"], example) for rule in RULES["text"] if rule["at"] in places for example in rule["remove"]]


@pytest.mark.parametrize(("name", "ending"), goes("end", "last"))
def test_what_a_rule_says_goes_goes_from_the_end_and_is_counted(name: str, ending: str) -> None:
    text = f"{BODY}\n\n{ending}"
    assert without_boilerplate(text) == BODY
    assert {cut.rule for cut in boilerplate(text)} == {name}
    assert without_boilerplate(ending) == ""


@pytest.mark.parametrize(("name", "ending"), goes("end"))
def test_it_goes_after_the_end_of_a_sentence_too_where_it_need_not_be_the_last_line(name: str, ending: str) -> None:
    text = f"{BODY} {ending}"
    assert without_boilerplate(text) == BODY
    assert {cut.rule for cut in boilerplate(text)} == {name}


@pytest.mark.parametrize(("name", "ending"), goes("mark"))
def test_what_marks_set_off_goes_whatever_it_follows(name: str, ending: str) -> None:
    assert without_boilerplate(f"The ferry is {ending}") == "The ferry is"


@pytest.mark.parametrize(("name", "ending"), goes("end", "last"))
def test_no_rule_takes_every_sentence_for_a_beginning(name: str, ending: str) -> None:
    """Only so many beginnings are tried for an ending."""
    assert without_boilerplate(f"{'It is so. ' * 60}\n\n{ending}") == ("It is so. " * 60).strip()


@pytest.mark.parametrize(("name", "line"), goes("line"))
def test_what_a_rule_says_goes_goes_as_a_line_and_is_counted(name: str, line: str) -> None:
    text = f"{line}\n\n{BODY}\n{line}\n\n{line}\n\nThe end.\n{line}"
    assert without_boilerplate(text) == f"{BODY}\n\nThe end."
    assert [cut.rule for cut in boilerplate(text)] == [name] * 4


@pytest.mark.parametrize("example", KEPT)
def test_what_a_rule_says_stays_stays(example: str) -> None:
    assert without_boilerplate(example) == example
    assert without_boilerplate(f"{BODY} {example}") == f"{BODY} {example}"


@pytest.mark.parametrize("rule", [*RULES["text"], *RULES["image"]], ids=lambda rule: rule["name"])
def test_every_rule_has_examples_of_both_kinds_where_it_can(rule: dict[str, list[str]]) -> None:
    assert rule["remove"]
    assert rule["keep"]


def test_what_is_cut_out_is_in_the_order_of_the_text() -> None:
    text = f"Share this:\n\n{BODY} Continue reading\n\nThe post X appeared first on Y.\n\nComments"
    cuts = boilerplate(text)
    assert [cut.rule for cut in cuts] == ["share-buttons", "read-more", "appeared-first", "comments"]
    assert [cut.from_body for cut in cuts] == [False, False, True, False]
    assert [text[cut.start : cut.end].strip() for cut in cuts][2] == "The post X appeared first on Y."


def test_endings_go_one_after_the_other() -> None:
    text = f"{BODY} [Continue reading]\n\nThe post X. And Y appeared first on Z.\n\nComments"
    assert without_boilerplate(text) == BODY


@pytest.mark.parametrize(
    "text",
    [
        "Learn more about ferries and you will like them.\n\nThey float.",
        "He said: print.",
    ],
)
def test_sentences_that_say_such_words_stay(text: str) -> None:
    assert without_boilerplate(text) == text


@pytest.mark.parametrize("mark", ["[…]", " [...]", " (…)"])
def test_a_text_that_was_cut_says_so_with_an_ellipsis(mark: str) -> None:
    assert without_boilerplate(f"The ferry is{mark}") == "The ferry is…"


def test_lines_that_are_only_an_address_or_a_button_go() -> None:
    assert (
        without_boilerplate(f"Share this:\n\n{BODY}\nhttps://video.example/embed/1\n\nThe end.")
        == f"{BODY}\n\nThe end."
    )


def test_a_text_of_nothing_else_is_empty() -> None:
    assert without_boilerplate("Read more") == ""


@given(st.text(alphabet="a .\n[]…»Readmore", max_size=200))
def test_nothing_is_added_but_an_ellipsis_and_once_is_enough(text: str) -> None:
    shorter = without_boilerplate(text)
    assert len(shorter) <= len(text) + 1
    assert without_boilerplate(shorter) == shorter


def test_a_long_text_costs_little() -> None:
    started = time.process_time()
    without_boilerplate("\n" * 300_000 + "the post " + ". [-|" * 100_000)
    assert time.process_time() - started < 5
