"""The goal on pages with known articles: the corpus stays outside of the project."""

import pytest

from bench.extract_gold import CORPUS, LEAST, gold, our_text, score


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}")
def test_articles_are_found_as_well_as_the_goal_says() -> None:
    """On every fourth page; ``python -m bench.extract_gold`` takes all, beside trafilatura's own settings."""
    pages = list(gold())[::4]
    assert score((page.text, our_text(page)) for page in pages).f1 >= LEAST
