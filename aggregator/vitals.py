"""How this process does: what it counted, and whether it still goes round.

Prometheus reads it, and who watches over the process.

No figure has a feed or a host as a label: there may be a hundred thousand of them (`aggregator status` names them).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from aggregator import __version__
from aggregator.poll import Report
from aggregator.store.fleet import FleetStanding
from aggregator.store.readers import ConsumerStatus
from aggregator.store.timing import Standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_STALLED = timedelta(seconds=60)
_OF_CONSUMERS = {
    "lag": "Changes that a consumer has not had.",
    "waiting": "Changes that could not be delivered yet.",
    "dead": "Changes that are not tried again.",
}
_SHARES = (0.5, 0.9, 0.99, 1)  # of all buckets
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Vitals:
    """The counts of one process, from its start."""

    def __init__(self, now: datetime) -> None:
        self._registry = CollectorRegistry()
        self._polls = Counter("aggregator_polls", "Polls, by what came of them.", ["result"], registry=self._registry)
        self._entries = Counter(
            "aggregator_entries", "Stories that polls changed, by how.", ["kind"], registry=self._registry
        )
        self._bytes = Counter("aggregator_fetched_bytes", "Bytes of answers, as sent.", registry=self._registry)
        self._seconds = Histogram(
            "aggregator_poll_seconds", "How long polls took.", buckets=_SECONDS, registry=self._registry
        )
        self._lost = Counter(
            "aggregator_workers_lost", "Workers that hung or died, and were replaced.", registry=self._registry
        )
        self._registry.register(_Asked(self._live))
        self._in_flight: Callable[[], int] = lambda: 0
        self._reload: tuple[bool, datetime] = (True, now)
        self._beat: datetime | None = None

    def watch(self, in_flight: Callable[[], int]) -> None:
        """Say whom to ask how many polls are under way."""
        self._in_flight = in_flight

    def worker_lost(self) -> None:
        """Take note of a worker that hung or died; from any thread."""
        self._lost.inc()

    def count(self, report: Report) -> None:
        """Take a poll into the counts."""
        outcome, applied = report.outcome, report.applied
        self._polls.labels(outcome.result).inc()
        self._bytes.inc(outcome.wire_bytes)
        self._seconds.observe(max(0.0, (outcome.finished_at - outcome.started_at).total_seconds()))
        for kind in ("new", "updated", "merged", "retracted", "dropped"):
            if number := getattr(applied, kind):
                self._entries.labels(kind).inc(number)

    def reloaded(self, succeeded: bool, now: datetime) -> None:
        """Take note of a configuration that was read again."""
        self._reload = (succeeded, now)

    def beat(self, now: datetime) -> None:
        """Say that the daemon has gone round once more."""
        self._beat = now

    def is_alive(self, now: datetime) -> bool:
        """Whether the daemon has gone round lately, if it ever began to."""
        return self._beat is None or now - self._beat < _STALLED

    def text(
        self,
        standing: Standing,
        consumers: list[ConsumerStatus],
        now: datetime,
        fleet: FleetStanding | None = None,
    ) -> bytes:
        """Return all figures as Prometheus reads them, with those of the store, and of the fleet that may poll it."""
        registry = CollectorRegistry()
        registry.register(_Asked(lambda: _of_store(standing, consumers, now)))
        if fleet is not None:
            registry.register(_Asked(lambda: _of_fleet(fleet)))
        return generate_latest(self._registry) + generate_latest(registry)

    def _live(self) -> Iterator[Metric]:
        yield _gauge("aggregator_build_info", "Always 1; what runs is in the label.", {__version__: 1}, "version")
        yield _gauge("aggregator_polls_in_flight", "Polls under way.", {"": self._in_flight()})
        succeeded, at = self._reload
        yield _gauge(
            "aggregator_config_last_reload_successful", "1 if the configuration in use is the latest.", {"": succeeded}
        )
        yield _gauge("aggregator_config_last_reload_timestamp_seconds", "When it was last read.", {"": at.timestamp()})


class _Asked(Collector):
    """Figures that are worked out when somebody reads them."""

    def __init__(self, read: Callable[[], Iterator[Metric]]) -> None:
        self._read = read

    def describe(self) -> list[Metric]:
        """Name nothing beforehand: so nothing is asked for at the start."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield them."""
        return self._read()


def _of_store(standing: Standing, consumers: list[ConsumerStatus], now: datetime) -> Iterator[Metric]:
    yield _gauge("aggregator_feeds", "Active feeds, by their state.", standing.feeds, "state")
    yield _gauge("aggregator_feeds_due", "Feeds that are due, and not being polled.", {"": standing.due})
    lag = 0.0 if standing.oldest is None else max(0.0, (now - standing.oldest).total_seconds())
    yield _gauge("aggregator_schedule_lag_seconds", "For how long the feed that waits longest is due.", {"": lag})
    yield _gauge("aggregator_change_seq", "The last number of the change log.", {"": standing.seq})
    for name, text in _OF_CONSUMERS.items():
        figures = {each.name: float(getattr(each, name)) for each in consumers}
        yield _gauge(f"aggregator_consumer_{name}", text, figures, "consumer")


def _of_fleet(fleet: FleetStanding) -> Iterator[Metric]:
    yield _gauge("aggregator_fleet_members", "Processes that poll, and were heard of.", {"": fleet.members})
    buckets = {"waiting": fleet.waiting, "held": fleet.held}
    yield _gauge("aggregator_fleet_buckets", "Buckets of feeds that are due.", buckets, "state")
    lags = {str(share): fleet.lags[int(share * (len(fleet.lags) - 1))] for share in _SHARES}
    yield _gauge("aggregator_fleet_bucket_lag_seconds", "For how long feeds of a bucket are due.", lags, "quantile")
    yield CounterMetricFamily(
        "aggregator_fleet_reaped_buckets", "Buckets taken from processes that were not heard of.", fleet.reaped
    )


def _gauge(name: str, text: str, figures: Mapping[str, float], label: str | None = None) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label] if label else [])
    for value, figure in figures.items():
        family.add_metric([value] if label else [], figure)
    return family
