"""When to poll a feed again: a pure function of what is stored of it, so that it can be explained at any time."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from aggregator.model import Bounds, Feed
from aggregator.schedule.backoff import backoff
from aggregator.schedule.policy import Decision, PollPolicy, Rule
from aggregator.schedule.skipping import allowed

NEVER: Final = datetime(9999, 12, 31, tzinfo=UTC)  # sorts after every other moment

_DAY: Final = timedelta(days=1)
_SELDOM: Final = 12  # times the usual interval (WS-12)
_HINTS = frozenset({"max-age", "expires", "ttl", "sy"})
_ORDERS = frozenset({"retry-after", "skip"})  # hints that no interval bounds
# By how much of itself a wait is stretched at most: a feed that comes in a crowd finds a place of its own within a
# whole interval (SC-23); later a little keeps feeds from falling into step (HT-20), and retries apart (ST-27).
_STRETCH, _STRETCH_IN_TROUBLE, _STRETCH_IN_CROWD = 0.1, 0.25, 1.0
_NEAR: Final = timedelta(minutes=3)  # by which a poll at most misses the moment that a rhythm names


def next_poll(feed: Feed, policy: PollPolicy) -> Decision:
    """Return the decision on a feed that was polled (``last_poll_at``), in the state that the poll left it in.

    The strongest wish counts (SC-15), within the shortest and the longest interval; an interval of the operator's
    stands in place of all wishes. A feed in trouble waits as long, or longer. Retry-After and skipped hours hold
    beyond the longest interval too (ST-01, SC-22). What spreads feeds apart only ever adds (SC-03).
    """
    polled = feed.last_poll_at
    assert polled is not None
    if feed.state == "gone":
        return Decision(at=NEVER, rule="gone", rules=(), bounds=Bounds(floor_at=polled + policy.shortest))
    walls = _walls(policy)
    wishes = tuple(_wishes(feed, policy))
    usual = _between(walls, max(wishes, key=_wait))
    trouble = backoff(feed, usual.wait, policy)
    told = _retry_after(feed, polled)
    own = trouble or usual
    chosen = max(filter(None, (own, told)), key=_wait)
    apart = min(own.wait, policy.longest) * _stretch(feed, polled)
    if own.name == "rhythm" and feed.rhythm.in_phase:
        apart = min(apart, _NEAR)
    spread = Rule(name="spread", wait=apart, why="added to keep feeds apart")
    due = polled + chosen.wait + spread.wait
    at = allowed(due, feed.rhythm.hints, chance_of(feed.url))
    skip = Rule(name="skip", wait=at - polled, why="the feed's skipHours and skipDays (UTC)") if at > due else None
    rules = tuple(filter(None, (*walls, *wishes, trouble, told, skip, spread)))
    return Decision(at=at, rule=(skip or chosen).name, rules=rules, bounds=_bounds(polled, rules, policy))


def open_from(feed: Feed, now: datetime) -> datetime:
    """Return from when on a feed that is due may be polled: one that was held up may have come to an hour it skips."""
    return now if feed.asked else allowed(now, feed.rhythm.hints, chance_of(feed.url))


def chance_of(text: str) -> float:
    """Return a number in [0, 1): the same for the same text on every machine, and without a pattern over texts."""
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).digest()) / 2**48


def _wait(rule: Rule) -> timedelta:
    return rule.wait


def _walls(policy: PollPolicy) -> tuple[Rule, Rule]:
    return (
        Rule(name="min", wait=policy.shortest, why="never sooner"),
        Rule(name="max", wait=policy.longest, why="never later, but for trouble, Retry-After and skipped hours"),
    )


def _between(walls: tuple[Rule, Rule], wish: Rule) -> Rule:
    low, high = walls
    return low if wish.wait < low.wait else high if wish.wait > high.wait else wish


def _wishes(feed: Feed, policy: PollPolicy) -> Iterator[Rule]:
    if feed.interval is not None:
        yield Rule(name="interval", wait=feed.interval, why="the interval that is configured for this feed")
        return
    rhythm, hints = feed.rhythm, feed.rhythm.hints
    if rhythm.pace is None:
        yield Rule(name="default", wait=policy.usual, why="nothing better is known")
    else:
        yield Rule(name="rhythm", wait=rhythm.pace, why=_pace_told(feed))
    if feed.pushed_until is not None and feed.last_poll_at is not None:
        wait = min(_SELDOM * policy.usual, feed.pushed_until - feed.last_poll_at)
        yield Rule(name="push", wait=wait, why="its hub tells of news; polls are there for what it misses")
    if feed.validators is None and feed.last_ok_at is not None:
        why = "without validators every poll is a whole document"  # SC-02
        yield Rule(name="no-validators", wait=min(_DAY, policy.longest), why=why)
    if rhythm.fresh_for is not None and rhythm.fresh_by is not None:
        yield Rule(name=rhythm.fresh_by, wait=rhythm.fresh_for, why="the server calls its last answer fresh so long")
    if hints.ttl is not None:
        yield Rule(name="ttl", wait=hints.ttl, why="the feed's <ttl>")
    if hints.update_period is not None:
        yield Rule(name="sy", wait=hints.update_period, why="the feed's sy:updatePeriod")


def _pace_told(feed: Feed) -> str:
    rhythm = feed.rhythm
    gap = f"an entry every {rhythm.gap.total_seconds() / 3600:.3g} h" if rhythm.gap else "entries without dates"
    newest = f", the newest of {rhythm.newest_at:%Y-%m-%d %H:%M} UTC" if rhythm.newest_at else ""
    if rhythm.price is None:
        told = f"{gap}{newest}, which is" if rhythm.gap or rhythm.newest_at else "it has had no entry:"
        return f"{told} too little to tell its rhythm by"
    return f"{gap}{newest}; a request is worth {60 * rhythm.price:.3g} entry-minutes of waiting"


def _retry_after(feed: Feed, polled: datetime) -> Rule | None:
    until = feed.retry_after_at
    return Rule(name="retry-after", wait=until - polled, why="the server asked to wait") if until else None


def _stretch(feed: Feed, polled: datetime) -> float:
    if not feed.rhythm.in_phase:
        return _STRETCH_IN_CROWD * chance_of(feed.url)
    stretch = _STRETCH_IN_TROUBLE if feed.setback else _STRETCH
    return stretch * chance_of(f"{feed.url} {polled.isoformat()}")


def _bounds(polled: datetime, rules: Iterable[Rule], policy: PollPolicy) -> Bounds:
    """Return what an audit holds the next poll to: the floor, and the strongest hint from outside."""
    hints = {rule.name: min(rule.wait, policy.longest) for rule in rules if rule.name in _HINTS}
    hints |= {rule.name: rule.wait for rule in rules if rule.name in _ORDERS}
    floor_at = polled + policy.shortest
    if not hints:
        return Bounds(floor_at=floor_at)
    hint = max(hints, key=hints.__getitem__)
    return Bounds(floor_at=floor_at, hint_at=polled + hints[hint], hint=hint)
