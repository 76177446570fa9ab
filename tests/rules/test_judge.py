"""What rules say of an entry."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Article, Pattern, Rule
from aggregator.rules.judge import Subject, Verdict, judge

SPONSORED = Rule(name="ads", action="drop", title=Pattern(text="sponsored"))
EVERYTHING = Rule(name="the rest", action="drop")
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def a_subject(
    title: str = "A story", *, text: str = "It happened.", summary: str = "", categories: tuple[str, ...] = ("News",)
) -> Subject:
    """Return an entry of one feed."""
    return Subject(
        feeds=("https://a.example/feed", "Example"),
        categories=categories,
        authors=("Ann Author", "Bob"),
        article=Article(title=title, body_md=text, text=text, summary=summary),
    )


def fits(rule: Rule, subject: Subject) -> bool:
    """Whether a dropping rule drops."""
    return judge(subject, [rule]).dropped_by == rule.name


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (EVERYTHING, True),
        (Rule(name="x", action="drop", feed="https://a.example/feed"), True),
        (Rule(name="x", action="drop", feed="Example"), True),
        (Rule(name="x", action="drop", feed="Exam"), False),
        (Rule(name="x", action="drop", title=Pattern(text="STORY")), True),
        (Rule(name="x", action="drop", title=Pattern(text="sto.y")), False),
        (Rule(name="x", action="drop", title=Pattern(text="^a st.ry$", is_regex=True)), True),
        (Rule(name="x", action="drop", title=Pattern(text="(?-i)^a st", is_regex=True)), False),
        (Rule(name="x", action="drop", category=Pattern(text="news")), True),
        (Rule(name="x", action="drop", category=Pattern(text="^new$", is_regex=True)), False),
        (Rule(name="x", action="drop", author=Pattern(text="bob")), True),
        (Rule(name="x", action="drop", author=Pattern(text="carl")), False),
        (Rule(name="x", action="drop", text=Pattern(text="happened")), True),
        (Rule(name="x", action="drop", feed="Example", text=Pattern(text="nothing")), False),
    ],
)
def test_every_condition_has_to_hold(rule: Rule, expected: bool) -> None:
    """Words anywhere and in any case; any category and any author will do."""
    assert fits(rule, a_subject()) is expected


def test_the_first_that_keeps_or_drops_has_the_last_word() -> None:
    """So that exceptions come first, and a list of what is wanted ends with one that drops everything."""
    local = Rule(name="local", action="keep", text=Pattern(text="our town"))
    assert judge(a_subject("Sponsored walk", text="In our town."), [local, SPONSORED]).dropped_by is None
    assert judge(a_subject("Sponsored walk"), [local, SPONSORED]).dropped_by == "ads"
    assert judge(a_subject(), [SPONSORED, local, EVERYTHING]).dropped_by == "the rest"
    assert judge(a_subject(), []) == Verdict(article=a_subject().article)


def test_tags_add_up_and_rewriting_is_seen_by_the_next() -> None:
    """And what they did is told."""
    rules = [
        Rule(name="one", action="tag", tags=("a", "b")),
        Rule(name="two", action="tag", tags=("b", "c"), title=Pattern(text="story")),
        Rule(name="three", action="tag", tags=("no",), title=Pattern(text="nothing")),
        Rule(name="four", action="rewrite", find=Pattern(text="STORY"), replace="Tale \\1"),
        Rule(name="five", action="rewrite", find=Pattern(text=r"^(\w+)\s+tale", is_regex=True), replace=r"\1: tale,"),
        Rule(name="six", action="rewrite", find=Pattern(text="nowhere"), replace="x"),
        Rule(name="seven", action="rewrite", field="summary", find=Pattern(text="Read more")),
    ]
    verdict = judge(a_subject(summary="Short. Read more"), rules)
    assert (verdict.tags, verdict.article.title, verdict.article.summary) == (("a", "b", "c"), "A: tale, \\1", "Short.")
    assert verdict.changed_by == ("one", "two", "four", "five", "seven")


def test_a_title_is_never_rewritten_to_nothing() -> None:
    """A record has a title."""
    rule = Rule(name="x", action="rewrite", find=Pattern(text=".*", is_regex=True))
    assert judge(a_subject(), [rule]).article.title == "A story"


@pytest.mark.parametrize("regex", [r"(a+)+$", r"(.*)*x.*y.*z.*(a|aa)+$", r"(\w+\s?)+!$"])
def test_no_expression_takes_long_whatever_a_feed_says(regex: str) -> None:
    """Linear time, by construction; where Python's own would take for ever."""
    rule = Rule(name="x", action="drop", text=Pattern(text=regex, is_regex=True))
    started = time.process_time()
    judge(a_subject(text="a" * 1_000_000 + "b"), [rule])
    assert time.process_time() - started < 5


@given(words=text, title=text, replacement=text)
def test_words_mean_themselves(words: str, title: str, replacement: str) -> None:
    """No character is special in them, nor in what replaces them."""
    if words.strip():
        rule = Rule(name="x", action="rewrite", find=Pattern(text=words), replace=replacement)
        rewritten = judge(a_subject(f"before {words} after {title}"), [rule]).article.title
        assert " ".join(replacement.split()) in rewritten
        assert fits(Rule(name="x", action="drop", title=Pattern(text=words)), a_subject(title + words))
