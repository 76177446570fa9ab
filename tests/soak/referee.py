"""What servers see that they should not: feeds asked for too early, and sites over their budget."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.soak.page import START

_SLACK = timedelta(milliseconds=10)  # by which the budget lets a start slip
_SKIP_SLACK = timedelta(minutes=10)  # of an hour that a feed skips: who waits in line does not turn back


@dataclass(kw_only=True)
class _Door:
    """What a site has seen."""

    inside: int = 0
    last: datetime = START - timedelta(days=1)
    closed_until: datetime = START


@dataclass(kw_only=True)
class Referee:
    """Judges every request by what was answered before, and by nothing that the asking side says of itself."""

    floor: timedelta  # between two requests for one URL
    spacing: timedelta  # between two requests to one site
    places: int  # requests at once on one site
    faults: list[str] = field(default_factory=list)
    requests: int = 0
    _doors: defaultdict[str, _Door] = field(default_factory=lambda: defaultdict(_Door))
    _earliest: dict[str, datetime] = field(default_factory=dict)

    def arrives(self, site: str, url: str, now: datetime, *, redirected: str | None = None) -> None:
        """Judge a request to ``site``; ``redirected`` names the site that has just led there.

        A redirect within a site is part of one exchange, and one from another site has its seat there.
        """
        door = self._doors[site]
        self.requests += 1
        if redirected != site and now - door.last < self.spacing - _SLACK:
            self._blame("spacing", url, now, f"{(now - door.last).total_seconds():.3f} s after the last")
        if redirected is None and door.inside >= self.places:
            self._blame("places", url, now, f"{door.inside} inside")
        if now < door.closed_until - _SLACK:
            self._blame("retry-after", url, now, f"closed until {door.closed_until}")
        if now < self._earliest.get(url, START) - _SLACK:
            self._blame("early", url, now, f"not before {self._earliest[url]}")
        door.last = now
        door.inside += redirected is None
        self._earliest[url] = now + self.floor

    def leaves(self, site: str, *, redirected: str | None = None) -> None:
        """A request of ``site`` is over."""
        self._doors[site].inside -= redirected is None

    def answered(self, site: str, url: str, now: datetime, *, asks: timedelta, pause: timedelta) -> None:
        """The answer wants the feed to be left alone for ``asks``, and the site for ``pause``."""
        self._earliest[url] = max(self._earliest[url], now + asks)
        self._doors[site].closed_until = max(self._doors[site].closed_until, now + pause)

    def lost(self, url: str) -> None:
        """The answer never left our own network: whoever asked may ask again."""
        self._earliest.pop(url, None)

    def skipped(self, url: str, now: datetime, hours: Iterable[int]) -> None:
        """Judge a request for a feed that wants to be left alone at some hours."""
        if now.hour in hours and now - now.replace(minute=0, second=0, microsecond=0) > _SKIP_SLACK:
            self._blame("skipped hour", url, now, f"{now:%H:%M}")

    def last_asked(self, site: str) -> datetime:
        """Return when the site was asked last."""
        return self._doors[site].last

    def _blame(self, rule: str, url: str, now: datetime, why: str) -> None:
        self.faults.append(f"{rule}: {url} at {now:%d %H:%M:%S.%f}: {why}")
