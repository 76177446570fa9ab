"""Documents that are kept, and what reading them again does to the records."""

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.digest.raw import Manner
from aggregator.digest.worker import DigestBugError
from aggregator.model import Digest, Feed, Pattern, PerFeed, Rule, Unreadable
from aggregator.replay import Replay as Tools
from aggregator.replay import replay
from aggregator.store.location import open_store
from aggregator.store.refinements import Refined
from aggregator.store.replay import Rewording
from aggregator.store.retention import forget_raw, prune
from aggregator.store.writer import Writer
from tests.replay import FEED, HOUR, START, Replay, kinds, replaying
from tests.store.test_replaying import DOCUMENTS, OTHER
from tests.stories import WORDS, rss, story

CALM = Rule(name="calm", action="rewrite", find=Pattern(text="Story number"), replace="Report")
DROP = Rule(name="none of it", action="drop", title=Pattern(text="Story"))
LATER = START + timedelta(days=90)


async def _digest(job: DigestJob) -> Digest | Unreadable:
    return digest(job)


def again(
    folder: Path,
    *rules: Rule,
    enabled: tuple[str, ...] = (),
    look_only: bool = False,
    days: float | None = None,
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]] = _digest,
) -> list[Rewording | Unreadable]:
    """Read everything again, or only that of the days after the start; return what would change, or did."""
    told: list[Rewording | Unreadable] = []

    def note(feed: Feed, result: tuple[Rewording, ...] | Unreadable) -> None:
        told.extend((result,) if isinstance(result, Unreadable) else result)

    async def run() -> None:
        store = open_store(f"sqlite:///{folder}/store.sqlite")
        async with Writer(store) as write:
            tools = Tools(
                store=store,
                write=None if look_only else write,
                digest=digest,
                manner=Manner(enabled=frozenset(enabled), rules=rules),
                clock=lambda: LATER,
                on_document=note,
            )
            since = None if days is None else START + timedelta(days=days)
            with store.read() as work:
                feeds = work.raw.feeds(since)
            for feed, _ in feeds:
                await replay(feed, since, tools)

    asyncio.run(run())
    return told


def test_a_new_rule_reaches_old_stories_once(tmp_path: Path) -> None:
    """An `updated` line each, that says what was read again; the second time nothing is left to do."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1), story(2)]))
        kept.read(rss([story(2), story(3)]))
        before, feed = len(kept.log()), kept.feed()
        assert len(again(tmp_path, CALM, look_only=True)) == 3
        assert len(kept.log()) == before
        assert len(again(tmp_path, CALM)) == 3
        lines = kept.log()[before:]
        assert kinds(lines) == ["updated"] * 3
        assert [line.revision for line in lines] == [2] * 3
        assert lines[0].detail == {"replayed": (START + 6 * HOUR).isoformat()}
        assert {record.title for record in kept.records()} == {f"Report {n} of the harbour town" for n in (1, 2, 3)}
        assert again(tmp_path, CALM) == []
        assert kept.feed() == feed
        assert len(again(tmp_path)) == 3, "the rule is gone, and so is what it did"
        assert [finding for finding in kept.store.examine(LATER) if finding.severity == "problem"] == []


def test_what_is_found_out_about_records_reaches_old_ones(tmp_path: Path) -> None:
    """Language and summary were off, and are on."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1, body=WORDS)]))
        (rewording,) = again(tmp_path, enabled=("language", "summary"))
        assert isinstance(rewording, Rewording)
        assert (rewording.before.lang, rewording.after.lang) == (None, "en")
        assert kept.records()[0].summary.startswith("The harbour ferry")


def test_a_feed_is_read_on_as_before(tmp_path: Path) -> None:
    """What was reworded is no news with the next poll, and an edit of the feed is one."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1), story(2)]))
        again(tmp_path, CALM)
        assert kinds(kept.read(rss([story(1), story(2), story(3)]))) == ["new"]
        kept.now = LATER
        assert kinds(kept.read(rss([story(1, body=WORDS), story(2), story(3)]))) == ["updated"]


def test_a_story_does_not_go_back_in_time(tmp_path: Path) -> None:
    """Of the versions that are kept the one counts that the record's words are of; none, where that one is not kept."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1, body="It is said to sail.")]))
        kept.read(rss([story(1, body="It sails, said the captain to the crowd.")]))
        assert [each.after.body_md for each in again(tmp_path, CALM) if isinstance(each, Rewording)] == [
            "It sails, said the captain to the crowd."
        ]
        kept.keeps_raw = False
        kept.now = LATER + HOUR
        kept.read(rss([story(1, body="It does not sail, says the captain to nobody.")]))
        assert again(tmp_path) == []
        assert kept.records()[0].body_md == "It does not sail, says the captain to nobody."


def test_a_version_that_was_not_taken_is_not_taken_afterwards(tmp_path: Path) -> None:
    """DD-04: neither where the version before it is kept, nor where it is not."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.keeps_raw = False
        kept.read(rss([story(1, body=WORDS)]))
        kept.keeps_raw = True
        kept.read(rss([story(1, body=WORDS[:90])]))
        assert again(tmp_path) == []
        kept.read(rss([story(1, body=WORDS[:80], title="The harbour ferry and the captain")]))
        assert again(tmp_path) == []
        kept.read(rss([story(1, body=WORDS, title="The harbour ferry and the captain")]))
        assert again(tmp_path) == []
        assert kept.records()[0].body_md == WORDS


def test_what_a_model_has_found_out_stays_until_the_words_change(tmp_path: Path) -> None:
    """Refining is no edit of the feed: the document that gave the words counts still."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1, body=WORDS)]))
        (record,) = kept.records()
        refined = Refined(summary="By a model.", topics=None, entities=("Anna",), source="llm:some")
        with kept.store.work() as work:
            assert work.refinements.refine(record.id, 1, refined, kept.now + HOUR)
        kept.read(rss([story(1, body=WORDS), story(2)]))
        rewording = again(tmp_path, enabled=("language", "summary"))[0]
        assert isinstance(rewording, Rewording)
        assert (rewording.after.lang, rewording.after.summary) == ("en", "By a model.")
        assert rewording.after.entities == ("Anna",)
        assert again(tmp_path, enabled=("language", "summary")) == []
        again(tmp_path, CALM, enabled=("summary",))
        first = next(record for record in kept.records() if record.title == "Report 1 of the harbour town")
        assert first.summary.startswith("The harbour ferry")


def test_what_an_enricher_of_ones_own_finds_reaches_old_stories(tmp_path: Path) -> None:
    """Although the record itself has nothing of it."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1)]))

        async def enriched(job: DigestJob) -> Digest | Unreadable:
            done = digest(job)
            assert isinstance(done, Digest)
            return replace(
                done, drafts=tuple(replace(each, details={"custom": {"stars": [3]}}) for each in done.drafts)
            )

        assert len(again(tmp_path, digest=enriched)) == 1
        assert kept.log()[-1].custom == {"stars": [3]}
        assert again(tmp_path, digest=enriched) == []


def test_what_is_gone_stays_gone(tmp_path: Path) -> None:
    """Pruned, retracted and merged stories, and entries that a rule drops; nothing becomes a new story either."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(n, days=n) for n in range(1, 7)]))
        assert "retracted" in kinds(kept.read(rss([story(n, days=n) for n in (1, 2, 4, 5, 6)])))

        async def keep_four() -> None:
            async with Writer(open_store(f"sqlite:///{tmp_path}/store.sqlite")) as write:
                await prune(write, PerFeed(records=5), LATER)

        asyncio.run(keep_four())
        before = kept.log()
        assert again(tmp_path, DROP) == []
        assert len(again(tmp_path, CALM)) == 4
        assert kinds(kept.log()[len(before) :]) == ["updated"] * 4
        assert len(kept.records()) == 5
        assert any(record.title == "Story number 3 of the harbour town" for record in kept.records())


def test_only_what_was_read_since_a_moment_is_read_again(tmp_path: Path) -> None:
    """A story's own version counts, and it is not of that time."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1)]))
        kept.read(rss([story(2)]), after=timedelta(days=3))
        assert len(again(tmp_path, CALM, days=1)) == 1


def test_documents_are_kept_where_something_in_them_is_new_and_go_when_they_are_old(tmp_path: Path) -> None:
    """But for the first of a feed: its entries may be older than the setting. Their room goes back to the disk."""
    path = tmp_path / "store.sqlite"

    def documents() -> int:
        connection = sqlite3.connect(path)
        (count,) = connection.execute("SELECT count(*) FROM raw_documents").fetchone()
        connection.close()
        return int(count)

    async def forget(days: float) -> int:
        async with Writer(open_store(f"sqlite:///{path}")) as write:
            return await forget_raw(write, START + timedelta(days=days))

    with replaying(tmp_path) as kept:
        kept.read(rss([story(1)]))
        assert documents() == 0
        kept.keeps_raw = True
        kept.read(rss([story(1)]) + " ")
        kept.read(rss([story(1)]) + "  ")
        assert documents() == 1
        kept.read(rss([story(1), story(2)]), after=timedelta(days=10))
        assert documents() == 2
        assert asyncio.run(forget(5)) == 1
        assert asyncio.run(forget(5)) == 0
        assert documents() == 1


def test_a_document_that_cannot_be_read_any_more_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    """A bug counts as that document's trouble."""
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1)]))
        kept.read(rss([story(2)]))
        told: list[tuple[Rewording, ...] | Unreadable] = []

        async def broken(job: DigestJob) -> Digest | Unreadable:
            if b"number 1" in job.body:
                raise DigestBugError("x")
            return digest(job)

        tools = Tools(
            store=kept.store,
            write=None,
            digest=broken,
            manner=Manner(enabled=frozenset(), rules=(CALM,)),
            clock=lambda: LATER,
            on_document=lambda _, result: told.append(result),
        )
        asyncio.run(replay(kept.feed(), None, tools))
        assert isinstance(told[0], Unreadable)
        assert isinstance(told[1], tuple)
        assert len(told[1]) == 1


@pytest.mark.parametrize("rules", [(), (CALM,), (DROP,)])
@given(documents=DOCUMENTS)
@settings(max_examples=40, deadline=None)
def test_reading_again_changes_nothing_that_no_rule_changes_and_nothing_twice(
    rules: tuple[Rule, ...], documents: list[tuple[str, list[str], bool]]
) -> None:
    """Whatever the documents were; no story comes or goes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with replaying(folder, FEED, OTHER, keeps_raw=True) as kept:
            for url, items, _ in documents:
                kept.read(rss(items), url)
            before = _slugs(kept)
            changed = again(folder, *rules)
            if rules != (CALM,):
                assert changed == []
            assert again(folder, *rules) == []
            assert _slugs(kept) == before


def _slugs(kept: Replay) -> set[str]:
    return {record.slug for record in kept.records()}
