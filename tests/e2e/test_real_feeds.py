"""Hundreds of real feeds: formats, languages and legacy encodings."""

from pathlib import Path

import pytest

from bench.real_feeds import CORPUS, run


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
def test_real_feeds_give_valid_records_once(tmp_path: Path) -> None:
    """At least 98 % of the documents that hold entries give records; polled again they give nothing new."""
    result = run(tmp_path)
    assert result.with_records >= 0.98 * result.with_entries, result.misses
    assert result.invalid == ()
    assert result.again == 0
