"""Properties of the store as a whole, over documents that Hypothesis makes up."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Record
from tests.replay import FEED, Replay, replaying
from tests.stories import WORDS, rss, story

OTHER = "https://other.example/feed"
TITLES = ["Ferry", "Harbour ferry sails again on Monday", "Harbour ferry sails again from Monday", "The mayor resigns"]
BODIES = [
    "",
    "It sails.",
    WORDS,
    WORDS.replace("Monday", "Sunday"),
    WORDS[:80],
    f"{WORDS} 12 views",
    " ".join(TITLES * 9),
]
ITEM = st.builds(
    lambda number, guid, site, title, body, days: story(
        number, guid=guid, site=site, title=title, body=body, days=days
    ),
    st.integers(0, 4),
    st.sampled_from([None, "a", "b", "https://site.example/articles/1-story"]),
    st.sampled_from(["https://site.example", "http://old.example"]),
    st.sampled_from(TITLES),
    st.sampled_from(BODIES),
    st.sampled_from([None, 0, 1, 2, 9]),
)
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from([FEED, OTHER]), st.lists(ITEM, max_size=6), st.booleans()), min_size=1, max_size=8
)


def replayed(replay: Replay) -> dict[str, Record]:
    """Return the records as the log tells them, line by line."""
    told: dict[str, Record] = {}
    for line in replay.log():
        if line.record is None:
            continue
        if line.kind in {"new", "updated"}:
            told[line.record.slug] = line.record
        elif line.kind == "merged":
            del told[line.record.slug]
        else:
            assert told[line.record.slug] == line.record
    return told


@given(DOCUMENTS)
@settings(max_examples=60, deadline=None)
def test_the_log_rebuilds_the_records_and_no_document_tells_twice(
    documents: list[tuple[str, list[str], bool]],
) -> None:
    """ID-21, DD-01: whatever feeds do. The same document again adds no line; whatever was merged may be parted."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        replay = stack.enter_context(replaying(folder, FEED, OTHER))
        for url, items, parts in documents:
            replay.read(rss(items), url)
            if replay.feed(url).identity == "guid" and replay.feed(url).distrust == 0:
                assert [line.kind for line in replay.read(rss(items), url)] == []
            merged = [line.record.slug for line in replay.log() if line.kind == "merged" and line.record]
            if parts and merged and merged[-1] not in replayed(replay):
                with replay.store.work() as work:
                    work.past.part(merged[-1], None, replay.now)
            assert replayed(replay) == {record.slug: record for record in replay.records()}
