"""Where sentences end, in many scripts."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.sentences import sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["The ferry sailed.", "Nobody saw it!", "Why?", "It was dark."],
        ["Mr. Smith met Dr. Jones in St. Albans on Jan. 3rd.", "They talked."],
        ["J. K. Rowling wrote it.", "She said so."],
        ["It cost $3.5 million.", "That is 1.2 per cent more."],
        ["The U.S. Senate voted at 3 p.m. on Monday.", "It passed."],
        ['He said "No."', "Then he left."],
        ["Am 3. Oktober wird gefeiert.", "Das gilt z.B. in Berlin."],
        ["C'est M. Dupont.", "Il est là."],
        ["Это г. Москва.", "Здесь холодно."],
        ["これは文です。", "次の文です！", "本当？", "はい"],
        ["这是第一句。", "这是第二句！", "“第三句。”", "第四句"],
        ["هل هذا سؤال؟", "نعم هذا سؤال.", "شكرا"],
        ["یہ پہلا جملہ ہے۔", "یہ دوسرا ہے۔"],
        ["यह पहला वाक्य है।", "यह दूसरा है।"],
        ["Wait… what is this?", "Nothing."],
    ],
)
def test_sentences_end_where_readers_see_an_end(expected: list[str]) -> None:
    joiner = "" if any(mark in expected[0] for mark in "。！") else " "
    assert split(joiner.join(expected)) == expected


def test_a_blank_line_ends_a_sentence() -> None:
    assert split("A headline\n\nThe text. More") == ["A headline", "The text.", "More"]


def test_a_lower_case_word_goes_on_with_the_sentence() -> None:
    assert split("Yahoo! announced it. iPhone users wept.") == ["Yahoo! announced it. iPhone users wept."]


def test_nothing_has_no_sentences() -> None:
    assert split("") == split(" \n\n ") == []


@given(st.text(alphabet="aB1 .!?…。\n\"'”)"))
def test_spans_hold_every_letter_once_in_order(text: str) -> None:
    spans = sentences(text)
    assert "".join("".join(split(text)).split()) == "".join(text.split())
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def test_a_long_text_is_split_in_linear_time() -> None:
    started = time.process_time()
    sentences("a." * 200_000 + "." * 200_000 + "\n" * 200_000)
    assert time.process_time() - started < 5
