"""What `aggregator run` shows on a terminal instead of log lines: polls, records, what went wrong, what is due next."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from aggregator import __version__
from aggregator.daemon import log_notices
from aggregator.feeds import shown
from aggregator.model import PollOutcome
from aggregator.poll import Report
from aggregator.store.contract import Store, StoreError
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

_LATEST = 10  # polls that are listed
_REMARKS = 6  # lines of the log
_LOOK_EVERY = timedelta(seconds=1)
_STYLES = {"ok": "green", "unchanged": "dim", "not-modified": "dim", "push": "green"}


@dataclass(slots=True, kw_only=True)
class Tally:
    """What has happened since the start. ``clock`` says when things are shown."""

    clock: Callable[[], datetime]
    next_due: Callable[[], datetime | None]
    feeds: int
    started: datetime
    results: Counter[str] = field(default_factory=Counter)
    new: int = 0
    updated: int = 0
    failed: int = 0
    polls: deque[Text] = field(default_factory=lambda: deque(maxlen=_LATEST))
    remarks: deque[str] = field(default_factory=lambda: deque(maxlen=_REMARKS))
    looked_at: datetime | None = None
    due: datetime | None = None

    def add(self, report: Report) -> None:
        """Count one poll."""
        outcome = report.outcome
        self.results[outcome.result] += 1
        self.new += report.applied.new
        self.updated += report.applied.updated
        self.failed += outcome.feed.failures > 0
        self.polls.append(_line(outcome, report.applied.new, report.applied.updated))
        log_notices(report)

    def screen(self) -> RenderableType:
        """Return what is to be seen now."""
        now = self.clock()
        feeds = counted(self.feeds, "feed")
        parts: list[RenderableType] = [
            Text(f"aggregator {__version__}, {feeds}, running for {_time(now - self.started)}", "bold"),
            Text(f"polls    {_counts(self.results)}"),
            Text(f"records  {self.new} new, {self.updated} updated"),
            Text(f"failed   {self.failed} polls", "red" if self.failed else ""),
            Text(f"next     {self._due(now)}"),
        ]
        if self.polls:
            parts += [Text(""), *self.polls]
        if self.remarks:
            parts += [Text(""), *(Text.from_ansi(line, no_wrap=True, overflow="ellipsis") for line in self.remarks)]
        return Group(*parts, Text(""), Text("times are UTC; Ctrl-C finishes what is under way and stops", "dim"))

    def summary(self) -> str:
        """Return one line about all of it."""
        polls = sum(self.results.values())
        return f"stopped after {polls} polls: {self.new} new, {self.updated} updated, {self.failed} failed"

    def _due(self, now: datetime) -> str:
        if self.looked_at is None or now - self.looked_at >= _LOOK_EVERY:
            self.looked_at, self.due = now, self.next_due()
        if self.due is None:
            return "no feed is due: `aggregator feeds add URL` adds one"
        return f"a feed is due in {_time(self.due - now)}" if self.due > now else "feeds are due now"


@contextmanager
def dashboard(store: Store, feeds: int, clock: Callable[[], datetime]) -> Iterator[Callable[[Report], None]]:
    """Show the dashboard during the block; offer what takes the polls. Log lines become remarks on it."""

    def next_due() -> datetime | None:
        try:
            with store.read() as work:
                return work.schedule.next_due()
        except StoreError:  # which the log tells of
            return None

    tally = Tally(clock=clock, next_due=next_due, feeds=feeds, started=clock())
    root = logging.getLogger()
    (handler,) = root.handlers
    remarks = _Remarks(tally.remarks.append)
    remarks.setFormatter(handler.formatter)
    root.handlers = [remarks]
    console = _Console(stderr=True)
    try:
        with Live(get_renderable=tally.screen, console=console, refresh_per_second=2, redirect_stdout=False):
            yield tally.add
    finally:
        root.handlers = [handler]
        console.print(tally.summary(), markup=False, highlight=False)


class _Console(Console):
    def show_cursor(self, show: bool = True) -> bool:
        """Leave the cursor alone: a second Ctrl-C ends the process before anybody could bring it back."""
        return show


class _Remarks(logging.Handler):
    """Hands on what the log says."""

    def __init__(self, take: Callable[[str], None]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on one line, without what follows it."""
        try:
            self._take(self.format(record).partition("\n")[0])
        except Exception:  # noqa: BLE001 - as every handler does: what cannot be written must not end what it tells of
            self.handleError(record)


def _line(outcome: PollOutcome, new: int, updated: int) -> Text:
    """Return one poll as it is listed; what a terminal could obey is escaped."""
    feed = outcome.feed
    style = "red" if feed.failures else _STYLES.get(outcome.result, "")
    told = [f"{count} {what}" for count, what in ((new, "new"), (updated, "updated")) if count]
    told += [feed.reason] if feed.failures and feed.reason else []
    name = feed.name or feed.title or shown(feed.url)
    text = (
        f"{outcome.finished_at:%H:%M:%S}  {outcome.result:<13} {printable(name):<36.36}  {printable(', '.join(told))}"
    )
    return Text(text.rstrip(), style, no_wrap=True, overflow="ellipsis")


def _counts(results: Counter[str]) -> str:
    told = ", ".join(f"{count} {result}" for result, count in results.most_common())
    return f"{sum(results.values())}: {told}" if told else "none yet"


def _time(span: timedelta) -> str:
    return str(max(timedelta(seconds=round(span.total_seconds())), timedelta()))
