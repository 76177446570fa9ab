"""How long a feed in trouble waits (ST-06, ST-22…28). None is ever given up but one that says it is gone."""

from datetime import timedelta

from aggregator.model import Feed
from aggregator.schedule.policy import PollPolicy, Rule

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_REFUSED = frozenset({401, 403})
_SLOW_DOWN = frozenset({429, 503})
_GONE = 410
_LONG_DEAD = 30.0  # failures: about a month at the longest interval
_LONG_DEAD_WAITS = 7  # of the longest interval
_DISABLED_WAITS = 30
_MOST_DOUBLINGS = 16.0


def backoff(feed: Feed, interval: timedelta, policy: PollPolicy) -> Rule | None:
    """Return how long to wait at least, where there is trouble; ``interval`` is the feed's own when all is well.

    The first failure waits for one interval, each further one doubles it, up to the longest; for a feed that has been
    dead for a month, up to a week (T: 7 d).
    """
    if feed.state == "disabled":
        return Rule(name="disabled", wait=_DISABLED_WAITS * policy.longest, why="looked at again once a month")
    setback = feed.setback
    if setback is None:
        return None
    times = f"{feed.failures:g} failures"
    if setback.status in _REFUSED:
        return Rule(name="refused", wait=max(interval, min(_DAY, policy.longest)), why=f"{times}: asked once a day")
    if setback.status == _GONE:
        return Rule(name="going", wait=max(interval, min(_DAY, policy.longest)), why="asked again a day later, once")
    least = min(_HOUR, policy.longest) if setback.status in _SLOW_DOWN else interval
    doublings = min(max(feed.failures - 1, 0.0), _MOST_DOUBLINGS)
    longest = policy.longest * (_LONG_DEAD_WAITS if feed.failures >= _LONG_DEAD else 1)
    wait = min(max(interval, least) * 2**doublings, longest)
    return Rule(name="backoff", wait=wait, why=f"{times} ({setback.kind}): doubled with each after the first")
