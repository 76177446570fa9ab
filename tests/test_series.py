"""Feeds captured again and again: each story once, its edits as revisions, no repost."""

import html
import re
from collections import defaultdict
from pathlib import Path

import feedparser
import pytest

from tests.replay import replaying

SERIES = Path(__file__).parents[1] / "../shared/corpus/feeds-series"
FOLDERS = sorted(path for path in SERIES.glob("*") if path.is_dir())
_WORD = re.compile(r"\w+")


def stated(document: bytes) -> dict[tuple[str, str], tuple[str, str]]:
    """Return, read by feedparser and by nothing of ours, story -> (title, words). The first of a name counts.

    A story is named by its link; where one link has three titles or more in one document, by link and title.
    """
    titles: defaultdict[str, set[str]] = defaultdict(set)
    entries = []
    for entry in feedparser.parse(document).entries:
        link, title = entry.get("link", "").strip(), _words(entry.get("title", ""))
        text = entry.content[0].value if entry.get("content") else entry.get("summary", "")
        entries.append((link, title, _words(text)))
        titles[link].add(title)
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for link, title, text in entries:
        found.setdefault((link, title if len(titles[link]) > 2 else ""), (title, text))
    return found


def _words(markup: str) -> str:
    return " ".join(_WORD.findall(html.unescape(re.sub(r"<[^>]*>", " ", markup))))


@pytest.mark.skipif(not FOLDERS, reason="the corpus is not here")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_series_gives_each_story_once_and_its_edits_as_revisions(folder: Path, tmp_path: Path) -> None:
    """ID-01, ID-08, DD-01, DD-05, DD-16: every series passes; what a document says is counted by feedparser alone."""
    told: dict[tuple[str, str], tuple[str, str]] = {}
    with replaying(tmp_path) as replay:
        for path in sorted(folder.glob("*.xml")):
            says = stated(path.read_bytes())
            lines = replay.read(path.read_bytes())
            new = [line for line in lines if line.kind == "new"]
            updated = [line for line in lines if line.kind == "updated"]
            edited = {story for story, words in says.items() if told.get(story, words) != words}
            assert len(new) == len(says.keys() - told.keys())
            assert len(updated) == len(edited)
            assert len(lines) == len(new) + len(updated)
            assert replay.read(path.read_bytes()) == []
            assert replay.read(path.read_bytes().replace(b"</", b" \n</", 5)) == []
            told |= says
        slugs = [line.record.slug for line in replay.log() if line.kind == "new" and line.record]
        assert len(slugs) == len(set(slugs)) == len(told) == len(replay.records())
