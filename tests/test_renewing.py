"""Stored records, enriched again by other rules."""

import asyncio
from datetime import timedelta
from pathlib import Path

from aggregator.digest.job import RenewJob
from aggregator.digest.raw import Manner
from aggregator.digest.renewal import renewed
from aggregator.digest.worker import DigestBugError
from aggregator.model import Change, Pattern, Renewal, Rule, Selection, Unreadable
from aggregator.renewing import Renewed, Renewer, Renewing, renew
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.refinements import Refined
from aggregator.store.writer import Writer
from tests.enrich.test_topics import SCORING
from tests.replay import FEED, START, Replay, kinds, replaying
from tests.stories import WORDS, rss, story
from tests.test_replay import again as replayed

LATER = START + timedelta(days=90)
OTHER = "https://other.example/feed"
TOPICS = frozenset(("topics",))
ALL = frozenset(("language", "summary", "topics", "entities"))
NOTHING = '[[topic]]\nslug = "nothing"\nterms = ["never in a story"]\n'


def vocabulary(folder: Path, name: str, *topics: tuple[str, str]) -> Path:
    """Write a vocabulary of topics, each with the word that speaks for it."""
    path = folder / f"{name}.toml"
    stated = "".join(f'[[topic]]\nslug = "{slug}"\nstrong = ["{term}"]\n' for slug, term in topics)
    path.write_text(f'[vocabulary]\nid = "{name}"\n{SCORING}{stated or NOTHING}')
    return path


async def _renew(job: RenewJob) -> Renewal | Unreadable | None:
    return renewed(job)


def tools_of(store: Store, write: Writer | None, words: Path | None) -> Renewing:
    manner = Manner(enabled=ALL, vocabulary=words)
    return Renewing(store=store, write=write, renew=_renew, manner=manner, clock=lambda: LATER)


def renewing(
    folder: Path,
    words: Path | None = None,
    *,
    enrichers: frozenset[str] = TOPICS,
    selection: Selection = Selection(),  # noqa: B008 - a constant
    look_only: bool = False,
    batches: int = 99,
) -> list[Renewed]:
    """Enrich again, so many transactions; return what became of each record."""

    async def run() -> list[Renewed]:
        store, found = open_store(f"sqlite:///{folder}/store.sqlite"), list[Renewed]()
        async with Writer(store) as write:
            async for batch in renew(tools_of(store, None if look_only else write, words), enrichers, selection):
                found += batch
                batches_done = len(found) / 200
                if batches_done >= batches:
                    break
        return found

    return asyncio.run(run())


def changed(results: list[Renewed]) -> list[str]:
    return [each.stored.record.slug for each in results if isinstance(each.result, Renewal) and each.result.changed]


def asked(results: list[Renewed]) -> int:
    return sum(each.result is not None for each in results)


def last(kept: Replay) -> Change:
    return kept.log()[-1]


def test_other_words_reach_stored_records_and_only_what_changed_is_news(tmp_path: Path) -> None:
    ferries, fares = vocabulary(tmp_path, "one", ("ferries", "ferry")), vocabulary(tmp_path, "two", ("boats", "boat"))
    with replaying(tmp_path) as kept:
        kept.read(rss([story(1, body=WORDS), story(2)]))
        before = len(kept.log())
        assert len(changed(renewing(tmp_path, ferries, look_only=True))) == 1
        assert len(kept.log()) == before
        assert len(changed(renewing(tmp_path, ferries))) == 1
        (line,) = kept.log()[before:]
        assert (line.kind, line.revision, line.record and line.record.topics) == ("updated", 2, ("ferries",))
        assert line.provenance is not None
        assert line.detail == {"renewed": {"topics": line.provenance["topics"]}}
        assert asked(renewing(tmp_path, ferries)) == 0, "nobody is asked twice, whatever he said"
        assert len(changed(renewing(tmp_path, fares))) == 1
        assert [record.topics for record in kept.records() if record.topics] == [("boats",)]
        assert [each for each in kept.store.examine(LATER) if each.severity == "problem"] == []


def test_a_feed_is_polled_and_read_again_as_before(tmp_path: Path) -> None:
    """What was enriched again is no edit of the feed."""
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))
    with replaying(tmp_path, keeps_raw=True) as kept:
        kept.read(rss([story(1, body=WORDS)]))
        renewing(tmp_path, words, enrichers=ALL)
        assert kinds(kept.read(rss([story(1, body=WORDS), story(2)]))) == ["new"]
        calm = Rule(name="calm", action="rewrite", find=Pattern(text="Story number"), replace="Report")
        assert len(replayed(tmp_path, calm)) == 2, "the document is still the one that gave the words"
        kept.now = LATER
        assert kinds(kept.read(rss([story(1, body=f"{WORDS} And more."), story(2)]))) == ["updated"]


def test_what_is_switched_on_reaches_stored_records(tmp_path: Path) -> None:
    """Language, summary and entities were off; the topics then are found in the language that it turned out to be."""
    with replaying(tmp_path) as kept:
        kept.read(rss([story(1, body=WORDS)]))
        (result,) = renewing(tmp_path, enrichers=ALL)
        assert isinstance(result.result, Renewal)
        (record,) = kept.records()
        assert record.lang == "en"
        assert record.summary.startswith("The harbour ferry sails again")
        assert set(last(kept).provenance or ()) == {"lang", "summary", "topics", "entities"}


def test_what_rules_of_the_operator_a_model_and_the_feed_said_stays(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))
    own = "The ferry is back at the pier, and the whole town came to see it sail in the rain."
    with replaying(tmp_path) as kept:
        kept.read(rss([story(1, body=WORDS), story(2, body=f"{WORDS} Again.")]))
        first, second = sorted(kept.records(), key=lambda record: record.slug)
        with kept.store.work() as work:
            said = Refined(summary=own, topics=("by-a-model",), entities=("Anna",), source="llm:some")
            assert work.refinements.refine(first.id, 1, said, LATER)
        _tag(tmp_path, second.id)
        renewing(tmp_path, words, enrichers=ALL)
        first, second = sorted(kept.records(), key=lambda record: record.slug)
        assert (first.summary, first.topics, first.entities, first.lang) == (own, ("by-a-model",), ("Anna",), "en")
        assert second.topics == ("our-town", "ferries")
        with kept.store.work() as work:
            said = Refined(summary=None, topics=("by-a-model",), entities=None, source="llm:some")
            assert work.refinements.refine(second.id, 2, said, LATER)
        assert next(each for each in kept.records() if each.id == second.id).topics == ("our-town", "by-a-model")


def _tag(folder: Path, record: int) -> None:
    """Have a rule of the operator's give a record a topic, as a poll writes it."""
    import sqlite3  # noqa: PLC0415

    with sqlite3.connect(folder / "store.sqlite") as connection:
        connection.execute(
            "UPDATE records SET topics='[\"our-town\"]', details=json_set(details, '$.tags', json('[\"Our Town\"]'))"
            " WHERE id=?",
            (record,),
        )
    connection.close()


def test_a_record_that_changes_meanwhile_is_left_to_the_next_time(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))
    with replaying(tmp_path) as kept:
        kept.read(rss([story(1, body=WORDS)]))
        (looked,) = renewing(tmp_path, words, look_only=True)
        assert isinstance(looked.result, Renewal)
        kept.read(rss([story(1, body=f"No boat. {WORDS}")]))
        with kept.store.work() as work:
            assert work.renewals.renew([looked.result], LATER) == 0
        assert last(kept).revision == 2
        assert len(changed(renewing(tmp_path, words))) == 1


def test_what_nobody_notices_leaves_what_was_found_and_who_found_it(tmp_path: Path) -> None:
    """A newer date of an edit alone changes no field: who found them stays too (DD-05)."""
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))
    item = story(1, body=WORDS).replace(
        "</item>", "<a:updated xmlns:a='http://www.w3.org/2005/Atom'>{}</a:updated></item>"
    )
    with replaying(tmp_path) as kept:
        kept.read(rss([item.format("2026-06-20T10:00:00Z")]))
        renewing(tmp_path, words, enrichers=ALL)
        said = last(kept).provenance
        assert kept.read(rss([item.format("2026-06-21T10:00:00Z")])) == []
        assert last(kept).provenance == said
        assert asked(renewing(tmp_path, words, enrichers=ALL)) == 0


def test_only_some_feeds_and_only_what_changed_since(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))
    with replaying(tmp_path, FEED, OTHER) as kept:
        kept.read(rss([story(1, body=WORDS)]))
        kept.read(rss([story(2, body=f"{WORDS} Twice.")]), OTHER, after=timedelta(days=3))
        assert len(renewing(tmp_path, words, selection=Selection(feeds=(OTHER,)), look_only=True)) == 1
        since = Selection(since=START + timedelta(days=2))
        assert len(renewing(tmp_path, words, selection=since, look_only=True)) == 1
        assert len(renewing(tmp_path, words)) == 2


def test_one_that_cannot_be_read_is_told_and_the_others_are_written(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))

    async def broken(job: RenewJob) -> Renewal | Unreadable | None:
        if "number 1" in job.stored.record.title:
            raise DigestBugError("x")
        return renewed(job)

    async def run() -> list[Renewed]:
        store = open_store(f"sqlite:///{tmp_path}/store.sqlite")
        async with Writer(store) as write:
            manner = Manner(enabled=ALL, vocabulary=words)
            tools = Renewing(store=store, write=write, renew=broken, manner=manner, clock=lambda: LATER)
            return [each async for batch in renew(tools, TOPICS, Selection()) for each in batch]

    with replaying(tmp_path) as kept:
        kept.read(rss([story(1, body=WORDS), story(2, body=f"{WORDS} Twice.")]))
        results = asyncio.run(run())
        assert [isinstance(each.result, Unreadable) for each in results].count(True) == 1
        assert [record.topics for record in kept.records()].count(("ferries",)) == 1


def test_it_goes_on_where_it_was_stopped(tmp_path: Path) -> None:
    words = vocabulary(tmp_path, "one", ("ferries", "ferry"))
    with replaying(tmp_path) as kept:
        kept.read(rss([story(number, body=f"Ferry {number}.") for number in range(230)]))
        assert len(changed(renewing(tmp_path, words, batches=1))) == 200
        results = renewing(tmp_path, words)
        assert (len(results), asked(results), len(changed(results))) == (230, 30, 30)


def test_the_daemon_looks_at_every_record_once_for_the_rules_of_today(tmp_path: Path) -> None:
    """A few at a time; a restart goes on, and other rules begin anew."""
    one, two = vocabulary(tmp_path, "one", ("ferries", "ferry")), vocabulary(tmp_path, "two", ("boats", "ferry"))
    looked: list[str] = []

    async def run(words: Path, ticks: int) -> None:
        store = open_store(f"sqlite:///{tmp_path}/store.sqlite")

        async def noted(job: RenewJob) -> Renewal | Unreadable | None:
            looked.append(job.stored.record.slug)
            return renewed(job)

        async with Writer(store) as write:
            manner = Manner(enabled=ALL, vocabulary=words)
            renewer = Renewer(Renewing(store=store, write=write, renew=noted, manner=manner, clock=lambda: LATER))
            for _ in range(ticks):
                await renewer.catch_up()

    with replaying(tmp_path) as kept:
        kept.read(rss([story(number, body=f"Ferry {number}.") for number in range(25)]))
        asyncio.run(run(one, 1))
        assert len(looked) == 10
        asyncio.run(run(one, 9))
        assert (len(looked), len(set(looked))) == (25, 25)
        kept.read(rss([story(number, body=f"Ferry {number}.") for number in range(26)]))
        asyncio.run(run(one, 2))
        assert len(looked) == 25, "the new one was found out about by these rules"
        asyncio.run(run(two, 9))
        assert len(looked) == 25 + 26
        assert {record.topics for record in kept.records()} == {("boats",)}
