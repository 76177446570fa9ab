"""Whether every feed is polled when it is due: by what the schedule said before, and by when the poll came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from aggregator.poll import Report
from aggregator.schedule.next_poll import NEVER
from tests.soak.casting import Cast
from tests.soak.page import START, Page

_PATIENCE = timedelta(minutes=15)  # for the queue of the own site, and of all
_PER_FEED = timedelta(seconds=6)  # of a site's queue: thrice what is configured
_PER_FEED_REFUSED = timedelta(minutes=5)  # where the site refused somebody: the slowest pace that is learnt, …
_MOST_REFUSED = 36  # … for so many; a large site wins the pace back before all are through
_HELD_UP = timedelta(hours=1)  # who is redirected to a site that is busy tries again after the shortest interval

Closings = Mapping[str, Sequence[tuple[datetime, datetime]]]


@dataclass(kw_only=True)
class Timetable:
    """Compares reports with what was due. ``closed`` says when sites wanted to be left alone."""

    cast: Cast
    closed: Closings
    stalls: list[str] = field(default_factory=list)
    worst: timedelta = timedelta()
    polls: int = 0
    _due: dict[str, datetime] = field(default_factory=dict)
    _pages: dict[str, Page] = field(init=False)

    def __post_init__(self) -> None:
        self._pages = {page.url: page for page in self.cast.pages}

    def report(self, report: Report) -> None:
        """Take note of a poll."""
        outcome = report.outcome
        self.polls += 1
        self._judge(outcome.feed.url, outcome.started_at)
        if self.cast.outage(outcome.finished_at) is None:  # what was learnt in an outage has to be forgotten
            self._due[outcome.feed.url] = outcome.feed.next_poll_at

    def close(self, now: datetime) -> None:
        """The end: whatever is due, and has been for too long, has stalled."""
        for url in self._pages:
            if self._due.get(url, START) != NEVER:
                self._judge(url, now)

    def tolerance(self, page: Page) -> timedelta:
        """Return how much later than due a feed may be polled."""
        if any("elsewhere" in spell.trouble for spell in self.cast.spells[page.url]):
            return self._queue(page.site) + self._queue(page.other_site) + _PATIENCE + _HELD_UP
        return self._queue(page.site) + _PATIENCE

    def _queue(self, host: str) -> timedelta:
        site = self.cast.sites[host]
        if host in self.closed:
            return min(site.feeds, _MOST_REFUSED) * _PER_FEED_REFUSED
        return site.feeds * _PER_FEED

    def _judge(self, url: str, now: datetime) -> None:
        page = self._pages[url]
        due = self._excused(page, self._due.get(url, START))
        self.worst = max(self.worst, now - due)
        if now - due > self.tolerance(page):
            self.stalls.append(f"{url} was due at {due:%d %H:%M:%S}, and came up at {now:%d %H:%M:%S}")

    def _excused(self, page: Page, due: datetime) -> datetime:
        """Return when a feed could be polled at last that was due at ``due``."""
        barred = [(each.since, each.until) for each in self.cast.outages]
        for site in {page.site, page.other_site}:
            barred += self.closed.get(site, ())
        margin = self.tolerance(page)
        for since, until in sorted(barred):
            if since - margin <= due < until:
                due = until
        waits = (due, due + margin)  # in line, and then into an hour that it skips
        return max(page.manner.open_by(each) if each.hour in page.manner.skips else due for each in waits)
