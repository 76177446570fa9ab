"""What people type into a search box."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.store.query import Filter, Query, Term, parse_query
from aggregator.store.sqlite.searching import match_expression


@pytest.mark.parametrize(
    ("typed", "terms", "filters"),
    [
        ("ferry harbour", (Term(text="ferry"), Term(text="harbour")), ()),
        ('"last boat"', (Term(text="last boat"),), ()),
        ('"last boat', (Term(text="last boat"),), ()),
        ("harb*", (Term(text="harb", prefix=True),), ()),
        ("title:ferry", (Term(text="ferry", in_title=True),), ()),
        ('TITLE:"last boat"', (Term(text="last boat", in_title=True),), ()),
        ("-strike", (Term(text="strike", excluded=True),), ()),
        ("well-known", (Term(text="well-known"),), ()),
        ("topic:a/b lang:en", (), (Filter(field="topic", value="a/b"), Filter(field="lang", value="en"))),
        ('-source:"The Herald"', (), (Filter(field="source", value="The Herald", excluded=True),)),
        ("https://x.example", (Term(text="https://x.example"),), ()),
        ('" - * ( ) & "" \0', (), ()),
    ],
)
def test_a_query_is_words_phrases_beginnings_and_labels(
    typed: str, terms: tuple[Term, ...], filters: tuple[Filter, ...]
) -> None:
    assert parse_query(typed) == Query(terms=terms, filters=filters)


@given(st.text() | st.text(alphabet='a*"(): -東^{}+\0'))
def test_whatever_is_typed_is_a_query_that_the_database_takes(typed: str) -> None:
    """SQ-21."""
    query = parse_query(typed)
    expression = match_expression(query)
    if expression is not None:
        connection = sqlite3.connect(":memory:")
        connection.execute("CREATE VIRTUAL TABLE search USING fts5(title, summary, body, content='')")
        encoded = expression.encode("utf-8", "replace").decode()
        assert connection.execute("SELECT rowid FROM search WHERE search MATCH ?", (encoded,)).fetchall() == []
        connection.close()


def test_a_query_is_bounded_and_one_that_only_excludes_looks_for_nothing() -> None:
    assert len(parse_query("word " * 1000).terms) == 16
    assert parse_query("-a -topic:b").is_empty
    assert parse_query("").is_empty
    assert not parse_query("lang:en").is_empty
