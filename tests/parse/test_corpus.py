"""Real feeds and other people's test suites."""

import csv
from pathlib import Path

import pytest

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse import parse
from tests.parse.build import CORPUS, NOW, URL

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the test corpus is not beside this checkout")


def _parsed(file: Path) -> ParsedFeed | Unreadable:
    return parse(file.read_bytes(), url=URL, content_type=None, now=NOW)


def test_real_feeds_are_read() -> None:
    """XM-22, XM-23: legacy encodings and flaws included."""
    with (CORPUS / "feeds-real/MANIFEST.tsv").open(encoding="utf-8") as manifest:
        counts = {row["path"]: int(row["entries_feedparser"] or 0) for row in csv.DictReader(manifest, delimiter="\t")}
    files = {path: CORPUS / "feeds-real" / path for path, count in counts.items() if count}
    parsed = {path: _parsed(file) for path, file in files.items() if file.is_file()}
    misses = [path for path, feed in parsed.items() if isinstance(feed, Unreadable) or not feed.entries]
    assert len(parsed) > 400
    assert len(misses) <= len(parsed) / 100, misses


def test_conformance_suites_do_no_harm() -> None:
    """XM-24, XM-27, XM-28: every document gives a value that can be stored as UTF-8."""
    files = [file for file in (CORPUS / "feeds-conformance").rglob("*") if file.is_file()]
    assert files
    for file in files:
        repr(_parsed(file)).encode()
