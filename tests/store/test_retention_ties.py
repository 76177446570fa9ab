"""What retention does with records that hang together, with deliveries, and with what planning recognises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from aggregator.model import Delivery, Digest, Draft, Dropped, PerFeed, Seq
from aggregator.store.contract import Store
from tests.replay import FEED, kinds, replaying
from tests.store.factory import NOW, a_digest, a_draft, a_store, current_records, poll
from tests.store.places import Place
from tests.stories import WORDS, rss, story

A = "https://a.example/feed"
OTHER = "https://other.example/feed"
DAY = timedelta(days=1)
WEEK = 7 * DAY


def prune(store: Store, at: timedelta, *, keep: timedelta | PerFeed = WEEK, waits_for: Sequence[str] = ()) -> int:
    """Prune once; return how many records went."""
    with store.work() as work:
        pruned = work.retention.prune(keep, NOW + at, waits_for=waits_for, limit=100)
        work.retention.forget(NOW + at, waits_for=waits_for, keep=keep)
    assert [finding.message for finding in store.examine(NOW + at) if finding.severity == "problem"] == []
    return pruned


def dated(number: int) -> Draft:
    """Return one of ten stories, the last of which is the newest."""
    return replace(a_draft(f"x/{number}", title=f"Story {number}"), published_at=NOW - (10 - number) * DAY)


def a_list(*drafts: Draft, known: Sequence[Draft] = (), dropped: Sequence[Draft] = ()) -> Digest:
    """Return the digest of a document in the order of its dates."""
    dates = sorted((each.published_at for each in (*drafts, *known, *dropped) if each.published_at), reverse=True)
    out = tuple(Dropped(identity=each.identity, entry_hash=each.entry_hash) for each in dropped)
    digest = a_digest(*drafts, known=[each.identity for each in known])
    return replace(digest, dates=tuple(dates), chronological=True, dropped=out)


def test_merged_records_go_together_and_leave_their_keys(place: Place) -> None:
    """ID-23, ID-10: neither the one nor the other comes back, whichever feed brings it."""
    title = "Ferry sails again"
    mine = story(1, link="https://proxy.example/~r/abc", guid="p1", title=title, body=WORDS)
    page = story(1, link="https://site.example/ferry", guid="t1", title=title, body=WORDS)
    both = story(1, link="https://site.example/ferry", guid="p1", title=title, body=WORDS)
    with replaying(place, FEED, OTHER) as replay:
        replay.read(rss([page]), OTHER)
        replay.read(rss([mine]))
        assert kinds(replay.read(rss([both]))) == ["merged"]
        last = replay.log()[-1].seq
        with replay.store.work() as work:
            work.consumers.advance("nightly", Seq(last - 1), replay.now)
            assert work.retention.prune(WEEK, replay.now + 8 * DAY, waits_for=["nightly"], limit=9) == 0
            work.consumers.advance("nightly", last, replay.now)
            assert work.retention.prune(WEEK, replay.now + 8 * DAY, waits_for=["nightly"], limit=9) == 1
        assert replay.records() == []
        assert [each for each in replay.store.examine(replay.now) if each.severity == "problem"] == []
        for url in (FEED, OTHER):
            for again in (mine, page, both):
                assert kinds(replay.read(rss([again.replace("Monday", "Sunday")]), url)) == []


def test_a_change_that_waits_for_its_receiver_stays_and_a_dead_letter_for_a_month(place: Place) -> None:
    """What is tried again is still there; afterwards nothing points at lines that are gone."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(*(a_draft(f"x/{n}", title=f"Story {n}") for n in range(4))), NOW)
        late = Delivery(seq=Seq(3), tries=1, first_try_at=NOW, next_try_at=NOW + 9 * DAY, error="busy", dead_at=None)
        with store.work() as work:
            work.consumers.advance("chat", Seq(4), NOW)
            work.deliveries.put("chat", late)
        assert prune(store, 8 * DAY, waits_for=["chat"]) == 2
        with store.work() as work:
            work.deliveries.put("chat", replace(late, dead_at=NOW + 10 * DAY))
        assert prune(store, 39 * DAY, waits_for=["chat"]) == 0
        with store.read() as work:
            assert [delivery.seq for _, delivery in work.deliveries.dead("chat")] == [3]
        assert prune(store, 41 * DAY, waits_for=["chat"]) == 2
        with store.read() as work:
            assert work.deliveries.dead("chat") == []


def test_an_output_that_stopped_is_waited_for_no_longer_than_others(place: Place) -> None:
    """It may have stopped for good."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/1")), NOW)
        with store.work() as work:
            work.consumers.advance("chat", Seq(0), NOW)
        assert prune(store, 40 * DAY, waits_for=["chat"]) == 0
        with store.work() as work:
            work.deliveries.stop("chat", "410 Gone")
        assert prune(store, 29 * DAY, waits_for=["chat"]) == 0
        assert prune(store, 40 * DAY, waits_for=["chat"]) == 1


def test_a_retraction_is_a_last_change(place: Place) -> None:
    """DD-14: it stays as long as any other."""
    with a_store(place, A) as store:
        stories = [dated(number) for number in range(10)]
        poll(store, A, a_list(*stories), NOW)
        left = [each for each in stories if each is not stories[5]]
        assert poll(store, A, a_list(known=left), NOW + 6 * DAY).retracted == 1
        assert prune(store, 8 * DAY) == 9
        assert prune(store, 14 * DAY) == 1


def test_what_was_pruned_or_dropped_has_not_vanished_and_is_nobody_new(place: Place) -> None:
    """ID-23, DD-13: it is in the document; no record is taken back for it, and none takes its name."""
    with a_store(place, A) as store:
        stories = [dated(number) for number in range(10)]
        poll(store, A, a_list(*stories), NOW)
        assert prune(store, DAY, keep=PerFeed(records=5)) == 5
        ad = replace(stories[7], entry_hash=b"ad")
        rest = [each for each in stories if each is not stories[7]]
        assert poll(store, A, a_list(known=rest, dropped=[ad]), NOW + 2 * DAY).retracted == 0
        edited = [replace(each, entry_hash=b"edited", content_hash=b"edited") for each in stories[:5]]
        applied = poll(store, A, a_list(*edited, known=stories[5:]), NOW + 3 * DAY)
        assert (applied.new, applied.updated, applied.retracted) == (0, 0, 0)
        # Of the list's end one record is really gone: entries without a record are no news, so that it counts.
        applied = poll(store, A, a_list(known=[*stories[4:5], *stories[6:]]), NOW + 4 * DAY)
        assert (applied.new, applied.retracted) == (0, 1)


def test_a_buried_entry_is_not_taken_for_one_that_was_renamed(place: Place) -> None:
    """ID-23, ID-12: though an entry with the same title and date leaves as it is edited."""
    with a_store(place, A) as store:
        old, new = dated(1), replace(dated(2), title="Story 1", published_at=dated(1).published_at)
        poll(store, A, a_list(old), NOW)
        poll(store, A, a_list(new, known=[old]), NOW + DAY)
        assert prune(store, 2 * DAY, keep=PerFeed(records=1)) == 1
        edited = replace(old, entry_hash=b"edited", content_hash=b"edited")
        applied = poll(store, A, a_list(edited), NOW + 3 * DAY)
        assert (applied.new, applied.updated) == (0, 0)
        with store.read() as work:
            assert [record.slug for record in current_records(work)] == [new.slug]
