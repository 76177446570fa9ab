"""Who plays in a simulation: sites, their feeds, what goes wrong with which, and when our own network is down."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from tests.soak.page import DAY, HOUR, MANNERS, START, Page
from tests.soak.troubles import TROUBLES, Trouble

_NEVER = datetime.max.replace(tzinfo=START.tzinfo)
_GAPS = (HOUR, 3 * HOUR, 8 * HOUR, DAY, 3 * DAY, 10 * DAY)
_USUAL_MANNERS = ("etag", "etag", "etag", "last-modified", "both")
_TROUBLED = 0.12  # of the feeds: for all time; and as many again …
_PASSING = 0.2  # … for some time


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One origin."""

    host: str
    feeds: int = 0
    patience: timedelta = timedelta()  # between two requests; who comes sooner is told so


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """A trouble of one feed, and for how long."""

    trouble: str
    since: datetime = START
    until: datetime = _NEVER

    @property
    def kind(self) -> Trouble:
        """What it is."""
        return TROUBLES[self.trouble]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """Our own network is down: no names, no way out, or nothing that comes back."""

    since: datetime
    until: datetime
    by: Literal["names", "routes", "silence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody."""

    sites: Mapping[str, Site]
    pages: Sequence[Page]
    spells: Mapping[str, Sequence[Spell]]  # by URL
    outages: Sequence[Outage]
    ends: datetime

    def trouble(self, page: Page, now: datetime) -> Trouble | None:
        """Return what is wrong with a feed."""
        return next((each.kind for each in self.spells[page.url] if each.since <= now < each.until), None)

    def outage(self, now: datetime) -> Outage | None:
        """Return the outage, if there is one."""
        return next((each for each in self.outages if each.since <= now < each.until), None)


def cast(*, feeds: int, sites: int, time: timedelta, seed: int) -> Cast:
    """Return so many feeds on so many sites: a tenth of them on the first site; every sixth site is impatient."""
    chance = random.Random(seed)
    hosts = [f"site{number}.example{number}.org" for number in range(sites)]
    homes = [hosts[0 if number % 10 == 0 else chance.randrange(sites)] for number in range(feeds)]
    pages = [_page(number, home, chance.choice(hosts), chance) for number, home in enumerate(homes)]
    spells = [*_spells(feeds, time, chance)]
    chance.shuffle(spells)
    return Cast(
        sites={
            host: Site(host=host, feeds=homes.count(host), patience=timedelta(seconds=20 if place % 6 == 5 else 0))
            for place, host in enumerate(hosts)
        },
        pages=pages,
        spells={page.url: its for page, its in zip(pages, spells, strict=True)},
        outages=_outages(time),
        ends=START + time,
    )


def _page(number: int, site: str, other: str, chance: random.Random) -> Page:
    manner = chance.choice(_USUAL_MANNERS if chance.random() < 0.5 else [*MANNERS])
    takes = chance.uniform(0.02, 1.5)
    return Page(
        number=number, site=site, other_site=other, manner=MANNERS[manner], gap=chance.choice(_GAPS), takes=takes
    )


def _spells(feeds: int, time: timedelta, chance: random.Random) -> Iterator[Sequence[Spell]]:
    """Yield the spells of every feed: each trouble at least once for all time, and once in passing where it passes."""
    names, passing = [*TROUBLES], [name for name, trouble in TROUBLES.items() if not trouble.lasting]
    lasting_ones = max(len(names), round(_TROUBLED * feeds))
    passing_ones = min(feeds - lasting_ones, max(len(passing), round(_PASSING * feeds)))
    for place in range(lasting_ones):
        since = START + chance.choice((0.0, 0.3)) * time  # some were well before
        yield (Spell(trouble=names[place % len(names)], since=since),)
    for place in range(passing_ones):
        since = START + chance.uniform(0.0, 0.5) * time
        until = since + chance.uniform(0.01, 0.2) * time
        yield (Spell(trouble=passing[place % len(passing)], since=since, until=until),)
    yield from [()] * (feeds - lasting_ones - passing_ones)


def _outages(time: timedelta) -> Sequence[Outage]:
    """Return four of them. Where few feeds are polled only a long one shows."""
    plan: Sequence[tuple[float, timedelta, Literal["names", "routes", "silence"]]] = (
        (0.15, max(2 * HOUR, time / 60), "names"),
        (0.35, 2 * HOUR, "silence"),
        (0.55, 8 * HOUR if time > 2 * DAY else 3 * HOUR, "routes"),
        (0.85, timedelta(minutes=10) if time > 2 * DAY else HOUR, "silence"),
    )
    return [Outage(since=START + at * time, until=START + at * time + lasts, by=by) for at, lasts, by in plan]
