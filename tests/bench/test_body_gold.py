"""The gold sets of bodies and encodings."""

import pytest

from bench.body_gold import CORPUS, figures


@pytest.mark.skipif(
    not (CORPUS / "html2md-gold").exists(), reason="the corpus is not beside this checkout (../shared/corpus)"
)
def test_bodies_and_encodings_reach_their_goals() -> None:
    measured = {figure.name: figure for figure in figures()}
    reached = ("words of bodies", "structure of bodies", "words of pages", "words of both", "encodings")
    assert [name for name in reached if measured[name].value < (measured[name].goal or 0)] == []
