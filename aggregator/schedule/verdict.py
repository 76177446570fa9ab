"""How a feed does, in one word: what is told to people who have a few hundred of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Verdict = Literal["behind", "dead", "failing", "gone", "new", "quiet", "ok", "paused"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)  # what needs a person first
TROUBLE: Final = frozenset[Verdict]({"behind", "dead", "failing"})

_DAY: Final = timedelta(days=1)
_LATE: Final = timedelta(minutes=15)  # that a poll may be, and half of its wait where that is longer
_QUIET_GAPS, _QUIET_LEAST = 3, _DAY
_DEAD_GAPS, _DEAD_LEAST = 10, 14 * _DAY  # holidays are no death
_DEAD_BEYOND: Final = 365 * _DAY  # nor is it waited for longer than a year beyond the usual gap
_SUPPOSED_GAP: Final = 30 * _DAY  # of a feed whose entries have no dates
_STATES: Final[dict[str, Verdict]] = {
    "gone": "gone",
    "disabled": "gone",
    "failing": "failing",
    "slow-down": "failing",
    "not-a-feed": "failing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a verdict is given by."""

    state: str
    is_active: bool  # the configuration wants it polled
    is_busy: bool = False  # it is being polled now
    polled_at: datetime | None
    read_at: datetime | None  # when its server last answered with a document, or that nothing has changed
    due_at: datetime | None  # from when on it may be polled; None: never
    gap: timedelta | None  # between its latest publications, on average
    newest_at: datetime | None  # its last publication


def verdict(signs: Signs, now: datetime) -> Verdict:
    """Return how a feed does.

    paused   the configuration wants no polls
    gone     it is not there any more, or where another feed is polled: it may go from the configuration
    behind   it should have been polled long ago: the fault is here, and not the feed's
    failing  its last poll failed
    new      it was not polled yet
    dead     it answers, and has been silent for far longer than its rhythm allows
    quiet    nothing new for a while, as happens
    ok       it publishes as it does
    """
    if not signs.is_active:
        return "paused"
    told = _STATES.get(signs.state)
    if told == "gone":
        return told
    if _is_behind(signs, now):
        return "behind"
    return told or (_by_silence(signs) if signs.read_at is not None else "new")


def silence_allowed(gap: timedelta | None) -> timedelta:
    """Return how long a feed of that rhythm may be silent before it is held to be dead.

    Ten of its gaps, but two weeks at least, and at most a year beyond one gap: of entries that came independently of
    each other, one in 22,000 gaps is that long.
    """
    gap = _SUPPOSED_GAP if gap is None else gap
    return max(_DEAD_LEAST, min(_DEAD_GAPS * gap, gap + _DEAD_BEYOND))


def _is_behind(signs: Signs, now: datetime) -> bool:
    if signs.due_at is None or signs.is_busy:
        return False
    wait = signs.due_at - (signs.polled_at or signs.due_at)
    return now - signs.due_at > max(_LATE, wait / 2)


def _by_silence(signs: Signs) -> Verdict:
    """Judge by the time from the last publication to the last look, so that a pause of ours is not held against it."""
    if signs.newest_at is None or signs.read_at is None:
        return "quiet"
    silent = signs.read_at - signs.newest_at
    if silent > silence_allowed(signs.gap):
        return "dead"
    gap = _SUPPOSED_GAP if signs.gap is None else signs.gap
    return "quiet" if silent > max(_QUIET_LEAST, _QUIET_GAPS * gap) else "ok"
