"""What feeds add to a text that is no part of it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.boilerplate import without_boilerplate

BODY = "The ferry is back."


@pytest.mark.parametrize(
    "ending",
    [
        "Read more of this story at Slashdot.",
        "Read more",
        "READ MORE »",
        "Continue reading →",
        "Continue reading The Ferry Is Back at Harbour News.",
        "The post The Ferry Is Back appeared first on Harbour News.",
        "This article originally appeared on Harbour News.",
        "submitted by /u/ferryman to r/boats\n[link] [comments]",
        "Comments",
        "Read the full article at Harbour News…",
        "Weiterlesen …",
        "Der Beitrag Die Fähre ist zurück erschien zuerst auf Hafenblatt.",
        "Lire la suite",
        "L’article Le ferry est apparu en premier sur Le Port.",
        "Seguir leyendo",
        "La entrada El ferry se publicó primero en El Puerto.",
        "Leia mais",
        "O post A balsa apareceu primeiro em O Porto.",
        "Leggi tutto",
        "L'articolo Il traghetto proviene da Il Porto.",
        "Lees verder",
        "Het bericht De veerboot verscheen eerst op De Haven.",
        "Läs mer",
        "Читать далее",
        "Czytaj dalej",
        "Číst dále",
        "Devamını oku",
        "اقرأ المزيد",
        "ادامه مطلب",
        "המשך קריאה",
        "続きを読む",
        "阅读全文",
        "더 보기",
        "और पढ़ें",
        "Baca selengkapnya",
        "Đọc tiếp",
        "อ่านต่อ",
    ],
)
def test_endings_go_in_many_languages(ending: str) -> None:
    assert without_boilerplate(f"{BODY}\n\n{ending}") == BODY
    assert without_boilerplate(f"{BODY} {ending}") == BODY


def test_endings_go_one_after_the_other() -> None:
    text = f"{BODY} [Continue reading]\n\nThe post X. And Y appeared first on Z.\n\nComments"
    assert without_boilerplate(text) == BODY


@pytest.mark.parametrize(
    "text",
    [
        "You should read more",
        "He wanted to know more.",
        "The comments were kind.",
        "Learn more about ferries and you will like them.\n\nThey float.",
        "The post office appeared first on the map. It was red.",
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
    started = time.monotonic()
    without_boilerplate("\n" * 300_000 + "the post " + ". [-|" * 100_000)
    assert time.monotonic() - started < 5
