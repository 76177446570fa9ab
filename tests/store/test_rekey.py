"""Newer rules for keys: nobody's record changes, and nothing is emitted (UR-39)."""

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import FeedConfig, RecordId, Seq
from aggregator.store.contract import Store
from aggregator.store.keys import Holders, Keyed
from aggregator.store.rekey import KeyRules, plan_keys, rekey, rekey_some
from aggregator.store.writer import Writer
from aggregator.url.clean import RULES_VERSION
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll, sixteen
from tests.store.places import Place

A, B = "https://a.example/feed", "https://b.example/feed"
LATER = NOW + timedelta(days=1)
NEWER = RULES_VERSION + 1


def shorter(key: str, source: str | None, feed_url: str) -> str:
    """Rules that drop what stands behind an underscore."""
    return re.sub(r"_\w*", "", (source or f"https://{key}").removeprefix("https://"))


RULES = KeyRules(version=NEWER, rekeyed=shorter, key_hash=sixteen)


def rekeyed(store: Store, *, limit: int = 100, rules: KeyRules = RULES) -> list[int]:
    batches: list[int] = []
    while not batches or batches[-1]:
        with store.work() as work:
            batches.append(rekey_some(work, rules, LATER, limit=limit))
    return batches


def test_a_key_of_older_rules_becomes_an_alias_of_its_record(place: Place) -> None:
    """UR-39."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/one_old"), a_draft("x/two")), NOW)
        assert rekeyed(store) == [2, 0]
        with store.read() as work:
            by_key, by_alias = work.keys.meet("x/one"), work.keys.meet("x/one_old")
            assert by_key
            assert by_alias
            assert by_key.slug == by_alias.slug == "a-story"
            assert (by_key.alias, by_alias.alias) == (None, f"rules {RULES_VERSION}→{NEWER}")
            assert [seen.feed for seen in by_key.sightings] == [A]
            assert work.keys.meet("x/three") is None
            assert work.keys.count_behind(NEWER) == 0
            assert work.log.last() == 2
    assert place.rows("SELECT DISTINCT match_key_version FROM records") == [(NEWER,)]


def test_nothing_is_new_or_updated_after_new_rules(place: Place) -> None:
    """UR-39: neither where the feed says the same again, nor where another has the story under its new key."""
    with a_store(place, A, B) as store:
        poll(store, A, a_digest(a_draft("x/one_old"), a_draft("x/two_a"), a_draft("x/three")), NOW)
        rekeyed(store)
        again = a_digest(a_draft("x/one", guid="x/one_old"), a_draft("x/two", guid="x/two_a"), a_draft("x/three"))
        first = poll(store, A, again, LATER)
        second = poll(store, B, a_digest(a_draft("x/one", guid="b1"), a_draft("x/two_a", guid="b2")), LATER)
        assert (first.new, first.updated, second.new, second.updated) == (0, 0, 0, 0)
        with store.read() as work:
            assert work.log.last() == 3


def test_of_two_records_with_one_key_the_older_has_it(place: Place) -> None:
    """UR-39: the other lives on; its old key leads to the older one, and says why."""
    with a_store(place, A, B) as store:
        poll(store, A, a_digest(a_draft("x/one_a", title="Older")), NOW)
        poll(store, B, a_digest(a_draft("x/one_b", title="Younger")), NOW)
        rekeyed(store)
        with store.read() as work:
            met, other = work.keys.meet("x/one"), work.keys.meet("x/one_b")
            assert met
            assert other
            assert met.slug == other.slug == "older"
            assert other.alias == f"rules {RULES_VERSION}→{NEWER}, one with record 2"
            assert [each.slug for each in work.keys.marked("x/one", limit=5)] == ["younger"]
            assert work.records.count() == 2
            assert work.log.last() == 2
        draft = a_draft("x/one", guid="x/one_b", title="Younger, edited")
        same_link = replace(draft, identity=replace(draft.identity, link="https://x/one_b"))
        edited = poll(store, B, a_digest(same_link), LATER)
        assert (edited.new, edited.updated) == (0, 1)


def test_an_older_record_takes_its_key_from_a_younger_one(place: Place) -> None:
    """UR-39: also where the younger comes in a later batch, or has no other key to go to."""
    with a_store(place, A) as store:
        drafts = [a_draft("x/one_a", title="First"), a_draft("x/one", title="Second"), a_draft("x/_", title="Third")]
        poll(store, A, a_digest(*drafts), NOW)
        assert rekeyed(store, limit=1) == [1, 1, 1, 0]
        with store.read() as work:
            met = work.keys.meet("x/one")
            assert met
            assert met.slug == "first"
            assert [each.slug for each in work.keys.marked("x/one", limit=5)] == ["second"]


def test_keys_may_swap(place: Place) -> None:
    """UR-39."""
    swapped = {"x/one": "x/two", "x/two": "x/one"}
    rules = KeyRules(version=NEWER, rekeyed=lambda key, _source, _feed: swapped[key], key_hash=sixteen)
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/one"), a_draft("x/two")), NOW)
        rekeyed(store, rules=rules)
    assert place.rows("SELECT id, match_key FROM records ORDER BY id") == [(1, "x/two"), (2, "x/one")]
    assert place.rows("SELECT count(*) FROM aliases") == [(0,)]


def test_an_entry_without_a_guid_is_known_by_the_fingerprint_of_its_new_key(place: Place) -> None:
    """UR-39: so the next poll finds its window as it left it, and no gap."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/one_old", guid="x/one_old"), a_draft("x/two_a", guid="two")), NOW)
        with store.work() as work:
            (feed,) = work.feeds.claim_due(
                LATER, limit=1, per_origin=1, token="t", lease_until=LATER + timedelta(hours=1)
            )
        place.change("UPDATE sightings SET guid=NULL WHERE guid='x/one_old'")
        rekeyed(store)
        with store.read() as work:
            assert set(work.feeds.window(feed)) == {sixteen("x/one"), sixteen("two")}


def test_what_was_left_undone_is_taken_up_and_told(place: Place) -> None:
    """UR-39: a crash between two batches costs nothing; readers meet records throughout."""

    async def run(store: Store) -> list[tuple[int, int]]:
        async with Writer(store) as write:
            return [step async for step in rekey(write, RULES, LATER)]

    with a_store(place, A) as store:
        poll(store, A, a_digest(*(a_draft(f"x/{n}_old", title=f"T {n}") for n in range(450))), NOW)
        with store.work() as work:
            assert rekey_some(work, RULES, LATER, limit=25) == 25
        with store.read() as work:
            assert [bool(work.keys.meet(f"x/{n}_old")) for n in (0, 449)] == [True, True]
            assert len(work.log.after(Seq(0), limit=1000)) == 450
        store.close()
        assert asyncio.run(run(store)) == [(200, 425), (400, 425), (425, 425)]
        assert asyncio.run(run(store)) == []
    assert place.rows("SELECT count(*) FROM records WHERE match_key LIKE '%\\_old' ESCAPE '\\'") == [(0,)]


KEYS = st.lists(st.text(alphabet="ab_", min_size=1, max_size=3), unique=True, min_size=1, max_size=8)


@given(KEYS, st.integers(1, 8))
def test_every_old_key_still_meets_a_record_and_every_record_has_one_key(keys: list[str], size: int) -> None:
    """UR-39: for any rules that map keys to keys, in batches of any size; and a second time changes nothing."""
    records: dict[RecordId, str] = {RecordId(n): key for n, key in enumerate(keys, start=1)}
    aliased: dict[str, RecordId] = {}
    stated = dict(records)
    for start in range(0, len(keys), size):
        batch = [
            Keyed(id=ident, key=records[ident], version=1, source=f"https://{stated[ident]}", feed_url=A, aliases=())
            for ident in list(records)[start : start + size]
        ]
        plan = plan_keys(batch, Holders(own={key: ident for ident, key in records.items()}, aliased=aliased), RULES)
        records.update(plan.moves)
        aliased = {alias.match_key: RecordId(int(alias.record)) for alias in plan.aliases} | aliased
        assert len(set(records.values())) == len(records)
    meets = aliased | {key: ident for ident, key in records.items()}
    for key in stated.values():
        new = shorter(key, None, A)
        assert meets[new] == min(other for other, old in stated.items() if shorter(old, None, A) == new)
        assert key in meets
    everyone = [
        Keyed(id=ident, key=key, version=NEWER, source=f"https://{stated[ident]}", feed_url=A, aliases=())
        for ident, key in records.items()
    ]
    again = plan_keys(everyone, Holders(own={key: ident for ident, key in records.items()}, aliased=aliased), RULES)
    assert records | dict(again.moves) == records


def test_a_new_feed_meets_a_rekeyed_story(place: Place) -> None:
    """UR-39."""
    with a_store(place, A) as store:
        poll(store, A, a_digest(a_draft("x/one_old")), NOW)
        rekeyed(store)
        with store.work() as work:
            work.feeds.sync([FeedConfig(url=A), FeedConfig(url=B)], LATER)
        assert poll(store, B, a_digest(a_draft("x/one", guid="b")), LATER).new == 0
