"""The schedules of others, each from its published rule. ``scale`` multiplies the intervals that a rule is set up with.

Where a rule has more than one number, a few settings of the others are tried on the training traces for every budget.
"""

from collections.abc import Mapping, Sequence

from bench.freshness.trace import DAY, HOUR, MINUTE, Policy, Schedule, Trace, Visit

_WEEK = 7 * DAY


def fixed(_: Trace, scale: float) -> Schedule:
    """Every feed at the same interval: most readers, an hour by default."""
    return lambda _visit: scale * HOUR


def miniflux(_: Trace, scale: float) -> Schedule:
    """``entry_frequency`` of Miniflux 2: a week divided by its number of entries, times a factor.

    The number is the week divided by the mean gap of all entries that it knows (internal/storage/feed.go,
    WeeklyFeedEntryCount; internal/model/feed.go, ScheduleNextCheck); 24 h where there is none. It keeps entries for
    months, so what it knows is here everything since the first document.
    """
    known: list[float] = []

    def wait(visit: Visit) -> float:
        known.extend(visit.dates if visit.before is None else _new(visit))
        if len(known) < 2 or known[-1] <= known[0]:
            return DAY
        a_week = -(-_WEEK // ((known[-1] - known[0]) / (len(known) - 1)))
        return scale * _WEEK / a_week

    return wait


def commafeed(_: Trace, scale: float) -> Schedule:
    """The empirical interval of CommaFeed 5 (FeedRefreshIntervalCalculator).

    Half the mean gap of the document's entries, at most a quarter of the longest interval; all, half or a quarter of
    that after 30, 14 or 7 days of silence.
    """

    def wait(visit: Visit) -> float:
        longest = DAY
        if not visit.dates:
            return longest
        silent = visit.at - visit.dates[-1]
        for days, part in ((30, 1), (14, 2), (7, 4)):
            if silent >= days * DAY:
                return scale * longest / part
        if len(visit.dates) < 2:
            return longest
        gap = (visit.dates[-1] - visit.dates[0]) / (len(visit.dates) - 1)
        return scale * min(gap / 2, longest / 4)

    return wait


def media_cloud(low: float, high: float, step: float) -> Policy:
    """Media Cloud's rss-fetcher (fetcher/tasks.py, _check_auto_adjust): the share of duplicates is held in a band.

    Too few known entries (33 %): an hour less. Too many (67 %): a little more for a feed that was alive in the last
    days, an hour more otherwise. No change is 100 %. The interval begins at 12 hours.
    """

    def policy(_: Trace, scale: float) -> Schedule:
        interval = 12 * HOUR * scale

        def wait(visit: Visit) -> float:
            nonlocal interval
            if visit.before is None:
                return interval
            known = 1 - visit.new / len(visit.dates) if visit.new else 1.0
            if known < low:
                interval = max(interval - step * scale, 10 * MINUTE)
            elif known >= high:
                alive = known < 1 or (visit.dates and visit.at - visit.dates[-1] <= 7 * DAY)
                interval = min(interval + (step / 12 if alive else step) * scale, 4 * DAY)
            return interval

        return wait

    return policy


def stormcrawler(slower: float, quicker: float) -> Policy:
    """StormCrawler's AdaptiveScheduler, as in Common Crawl's news-crawl.

    Unchanged: longer by the rate of increment. Changed: nearer to the shortest interval by that of decrement.
    """

    def policy(_: Trace, scale: float) -> Schedule:
        shortest = scale * HOUR
        interval = 4 * shortest

        def wait(visit: Visit) -> float:
            nonlocal interval
            if visit.before is not None:
                changed = (1 - quicker) * interval + quicker * shortest
                interval = changed if visit.new else min(interval * (1 + slower), 14 * DAY)
            return interval

        return wait

    return policy


def _new(visit: Visit) -> Sequence[float]:
    return visit.dates[len(visit.dates) - visit.new :]


# Each with what is tried of it; the first is as published.
PEERS: Mapping[str, Sequence[Policy]] = {
    "fixed": (fixed,),
    "Miniflux entry_frequency": (miniflux,),
    "CommaFeed empirical": (commafeed,),
    "Media Cloud duplicate band": tuple(
        media_cloud(low, high, step * HOUR)
        for low, high in ((0.33, 0.67), (0.5, 1.0), (0.67, 0.9), (0.9, 1.0))
        for step in (1, 4)
    ),
    "StormCrawler adaptive": tuple(
        stormcrawler(slower, quicker)
        for slower, quicker in ((0.5, 0.2), (0.5, 0.5), (0.2, 0.5), (0.1, 0.5), (0.2, 0.8))
    ),
}
