"""Planning alone: pure, and done once it is done."""

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Draft
from aggregator.store.plan import plan_changes
from tests.store.factory import NOW, a_digest, a_draft, a_store, claim, poll, sixteen

URL = "https://a.example/feed"
DRAFT = st.builds(
    lambda key, guid, title, body: a_draft(f"x.example/articles/{key}", guid=guid, title=title, body=body),
    st.integers(0, 5),
    st.sampled_from(["1", "2", "3", "4", "https://x.example/articles/1", "https://y.example/articles/1"]),
    st.sampled_from(["A", "B", "A telling title of a story", "A telling title of a storm"]),
    st.sampled_from(["", "Words.", "Other words " * 30]),
)


def distinct(drafts: list[Draft]) -> list[Draft]:
    """Return the drafts as a digest holds them: each guid once."""
    return list({draft.identity.guid_hash: draft for draft in drafts}.values())


@given(st.lists(st.lists(DRAFT, max_size=6).map(distinct), min_size=1, max_size=5))
@settings(max_examples=80, deadline=None)
def test_a_plan_that_was_applied_leaves_nothing_to_do(digests: list[list[Draft]]) -> None:
    """ID-21, DD-01: plan, apply, plan again: no record, no line, no alias."""
    with tempfile.TemporaryDirectory() as folder, a_store(Path(folder), URL) as store:
        for number, drafts in enumerate(digests):
            digest = a_digest(*drafts)
            poll(store, URL, digest, NOW.replace(hour=number))
            with store.work() as work:
                work.feeds.ask([URL], NOW, recent=NOW)
                (feed,) = claim(work, NOW.replace(day=25))
                plan = plan_changes(digest, work.records.known(feed, digest), feed.id)
                work.feeds.release_claims()
            assert (plan.lines, plan.touched, plan.aliases, plan.reused) == (0, (), (), ())
            assert all(not isinstance(seen.record, str) for seen in plan.seen)


def test_planning_touches_nothing(tmp_path: Path) -> None:
    """The same digest and the same knowledge give the same plan."""
    digest = a_digest(a_draft("x.example/1"), replace(a_draft("x.example/2"), content_hash=sixteen("x")))
    with a_store(tmp_path, URL) as store, store.work() as work:
        (feed,) = claim(work, NOW)
        known = work.records.known(feed, digest)
        assert plan_changes(digest, known, feed.id) == plan_changes(digest, known, feed.id)
        assert plan_changes(digest, known, feed.id).lines == 2
        assert work.log.last() == 0
