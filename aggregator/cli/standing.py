"""How all feeds do: a verdict on each, and one line on all of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.publish.record import date_text
from aggregator.schedule.verdict import TROUBLE, VERDICTS, Signs, Verdict, verdict
from aggregator.settings.values import shown
from aggregator.store.contract import FeedStatus
from aggregator.store.readers import ConsumerStatus
from aggregator.store.reloads import Reload
from aggregator.store.upkeep import Holder
from aggregator.text.counted import counted

_STOPPED = frozenset({"gone", "disabled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A feed, how it does, and how long after their publication its stories were found of late."""

    feed: FeedStatus
    verdict: Verdict
    due_at: datetime | None  # None: it is not polled
    delay: timedelta | None

    @property
    def name(self) -> str:
        """What people know it by; credentials in a URL are masked."""
        return self.feed.name or shown(self.feed.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that a look at the store tells."""

    feeds: Sequence[Judged]  # what needs a person first, else in the order of the configuration
    consumers: Sequence[ConsumerStatus]
    holder: Holder | None  # who polls
    records: int
    promises: Sequence[str] = ()  # of [schedule]: how they are kept
    reload: Reload | None = None  # what became of the configuration that was last asked for

    @property
    def is_well(self) -> bool:
        """Whether nothing needs a person: no feed in trouble, no output stopped or hindered, polling not paused, no
        configuration refused."""
        return not (self._troubled or self._hindrances)

    @property
    def summary(self) -> str:
        """One line on everything, the bad news first."""
        if not self.feeds:
            return "No feeds yet: `aggregator feeds add URL` adds the first one, `aggregator run` polls it"
        if self.is_well:
            told = "All is well" if self.holder else "All is well, though nobody polls now"
            return f"{told}: {counted(len(self.feeds), 'feed')} ({self._counted})"
        verb = "needs" if self._troubled == 1 else "need"
        needy = f"{self._troubled} of {counted(len(self.feeds), 'feed')} {verb} a look ({self._counted})"
        whole = needy if self._troubled else f"{counted(len(self.feeds), 'feed')} ({self._counted})"
        return "; ".join([*self._hindrances, whole])

    @property
    def _troubled(self) -> int:
        return sum(each.verdict in TROUBLE for each in self.feeds)

    @property
    def _counted(self) -> str:
        counts = Counter(each.verdict for each in self.feeds)
        return ", ".join(f"{counts[word]} {word}" for word in VERDICTS if counts[word])

    @property
    def _hindrances(self) -> list[str]:
        trouble = self.holder and self.holder.trouble
        paused = [f"polling is paused: {trouble}"] if trouble else []
        refused = ["a changed configuration was refused"] if self.reload and not self.reload.taken else []
        stopped = [f"the output {each.name} has stopped" for each in self.consumers if each.stopped]
        failing = [f"the output {each.name} cannot be written" for each in self.consumers if each.trouble]
        return paused + refused + stopped + failing


def judged(feeds: Iterable[FeedStatus], delays: Mapping[str, timedelta], now: datetime) -> list[Judged]:
    """Return the feeds with their verdicts: what needs a person first, else in their order."""
    lines = [_judged(feed, delays.get(feed.url), now) for feed in feeds]
    return sorted(lines, key=lambda line: VERDICTS.index(line.verdict))


def document(overview: Overview, chosen: Iterable[Judged]) -> dict[str, object]:
    """Return what ``--json`` shows, of the feeds those chosen; durations are seconds."""
    holder, reload = overview.holder, overview.reload
    return {
        "well": overview.is_well,
        "summary": overview.summary,
        "records": overview.records,
        "polled_by": holder and holder.name,
        "paused": holder and holder.trouble,
        "configuration": reload and {"taken": reload.taken, "message": reload.message},
        "feeds": [_feed_fields(line) for line in chosen],
        "consumers": [_consumer_fields(each) for each in overview.consumers],
    }


def _feed_fields(line: Judged) -> dict[str, object]:
    feed = line.feed
    return {
        "url": shown(feed.url),
        "name": feed.name,
        "verdict": line.verdict,
        "state": feed.state,
        "reason": feed.reason and shown(feed.reason),
        "failures": feed.failures,
        "records": feed.records,
        "publishes_every": _seconds(feed.gap),
        "newest_at": date_text(feed.newest_at),
        "delay": _seconds(line.delay),
        "last_poll_at": date_text(feed.last_poll_at),
        "last_ok_at": date_text(feed.last_ok_at),
        "next_poll_at": date_text(line.due_at),
    }


def _consumer_fields(consumer: ConsumerStatus) -> dict[str, object]:
    return {
        "name": consumer.name,
        "seq": consumer.seq,
        "lag": consumer.lag,
        "last_read_at": date_text(consumer.at),
        "waiting": consumer.waiting,
        "dead": consumer.dead,
        "stopped": consumer.stopped,
        "trouble": consumer.trouble,
        "trouble_since": date_text(consumer.trouble_since),
        "path": consumer.path,
        "part": consumer.part,
    }


def _judged(feed: FeedStatus, delay: timedelta | None, now: datetime) -> Judged:
    is_polled = feed.active and feed.state not in _STOPPED
    due_at = max(feed.next_poll_at, feed.retry_after_at or feed.next_poll_at) if is_polled else None
    signs = Signs(
        state=feed.state,
        is_active=feed.active,
        is_busy=feed.claimed_until is not None and feed.claimed_until > now,
        polled_at=feed.last_poll_at,
        read_at=feed.last_ok_at,
        due_at=due_at,
        gap=feed.gap,
        newest_at=feed.newest_at,
    )
    return Judged(feed=feed, verdict=verdict(signs, now), due_at=due_at, delay=delay)


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else round(duration.total_seconds(), 3)
