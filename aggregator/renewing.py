"""Records that are stored are enriched again: when somebody asks for it, and behind the polls after rules changed.

Nothing is fetched, and the documents that polls read are not needed. What is found is a new revision and an ``updated``
line where it is not what the record said; else it is only noted who was asked.
"""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from aggregator.digest.job import RenewJob
from aggregator.digest.raw import Manner
from aggregator.digest.worker import DigestBugError
from aggregator.enrich.editions import FIELDS, sources
from aggregator.model import Pipeline, RecordId, Renewal, Selection, Stored, Unreadable
from aggregator.store.contract import Store
from aggregator.store.renewals import RenewalPlace
from aggregator.store.writer import Writer

_BATCH = 200  # records of a transaction, when somebody waits: some ten milliseconds
_ALL = Selection()
_A_TICK = 10  # records when nobody does: some 30 ms of a processor's second

log = structlog.get_logger("aggregator.renewing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewing:
    """What enriching again works with. ``write``: None to look only."""

    store: Store
    write: Writer | None
    renew: Callable[[RenewJob], Awaitable[Renewal | Unreadable | None]]
    manner: Manner
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """What became of one record."""

    stored: Stored
    result: Renewal | Unreadable | None  # None: those of today have been asked already


async def renew(tools: Renewing, enrichers: frozenset[str], selection: Selection) -> AsyncIterator[tuple[Renewed, ...]]:
    """Enrich the selected records again, and yield those of each transaction once it is committed.

    It may run beside the process that polls, be stopped at any time and run again: who has been asked is not asked
    again, so that it goes on where it was.
    """
    after: RecordId | None = None
    while batch := await asyncio.to_thread(_following, tools.store, after, selection, _BATCH):
        yield await _renewed(tools, enrichers, batch)
        after = batch[-1].record.id


class Renewer:
    """Looks at every record that rules, models or word lists of before have found out about, a few in a second."""

    def __init__(self, tools: Renewing) -> None:
        self._tools = tools
        self._enrichers = tools.manner.enabled & FIELDS.keys()
        self._place: RenewalPlace | None = None

    def adopt(self, manner: Manner) -> None:
        """Go by other rules from now on."""
        self._tools = replace(self._tools, manner=manner)
        self._enrichers = manner.enabled & FIELDS.keys()
        self._place = None

    async def catch_up(self) -> None:
        """Look at the next few records; nothing is left to do once all were looked at by the rules of today."""
        if self._place is None:
            self._place = await asyncio.to_thread(self._stored_place)
        place = self._place
        if place.done or self._tools.write is None:
            return
        batch = await asyncio.to_thread(_following, self._tools.store, place.after, _ALL, _A_TICK)
        for each in await _renewed(self._tools, self._enrichers, batch):
            if isinstance(each.result, Unreadable):
                log.warning("record not enriched again", slug=each.stored.record.slug, reason=each.result.message)
        after = batch[-1].record.id if batch else place.after
        moved = replace(place, after=after, done=not batch)
        await self._tools.write(lambda work: work.renewals.move(moved))
        self._place = moved
        if moved.done and after is not None:
            log.info("stored records were enriched again where their rules were older", rules=moved.rules)

    def _stored_place(self) -> RenewalPlace:
        with self._tools.store.read() as work:
            return work.renewals.place(rules_of(self._tools.manner))


def rules_of(manner: Manner) -> str:
    """Return what is another text where other enrichers are on, or one of them goes by other rules or words."""
    pipelines: Iterable[Pipeline | None] = (None, *manner.pipelines)
    found = [sorted(manner.enabled & FIELDS.keys()), *(dict(sources(manner.vocabulary, each)) for each in pipelines)]
    return hashlib.blake2b(json.dumps(found).encode(), digest_size=8).hexdigest()


def _following(store: Store, after: RecordId | None, selection: Selection, limit: int) -> list[Stored]:
    with store.read() as work:
        return work.renewals.after(after, selection, limit=limit)


async def _renewed(tools: Renewing, enrichers: frozenset[str], batch: Iterable[Stored]) -> tuple[Renewed, ...]:
    found = await asyncio.gather(*(_asked(tools, enrichers, stored) for stored in batch))
    renewals = [each.result for each in found if isinstance(each.result, Renewal)]
    if renewals and tools.write is not None:
        await tools.write(lambda work: work.renewals.renew(renewals, tools.clock()))
    return tuple(found)


async def _asked(tools: Renewing, enrichers: frozenset[str], stored: Stored) -> Renewed:
    job = RenewJob(
        stored=stored,
        enrichers=enrichers,
        vocabulary=tools.manner.vocabulary,
        boilerplate=tools.manner.boilerplate,
        pipelines=tools.manner.pipelines,
    )
    try:
        return Renewed(stored=stored, result=await tools.renew(job))
    except DigestBugError as error:
        return Renewed(stored=stored, result=Unreadable(kind="bug", message=f"a bug in aggregator: {error}"))
