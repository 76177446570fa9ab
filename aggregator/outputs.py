"""The outputs of the settings, each given its own place in the change log."""

import asyncio
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial

from aggregator.fetch import Poster
from aggregator.model import Batch, Delivery, Failed, FilePlace, Notice, Selection, Seq
from aggregator.publish.command import Command
from aggregator.publish.delivery import DeliverySink, Send, Turn
from aggregator.publish.files import FileSink
from aggregator.publish.formats import rendering
from aggregator.publish.hub_ping import HubPing
from aggregator.publish.webhook import Webhook
from aggregator.settings import Settings
from aggregator.settings.outputs import DeliverySettings
from aggregator.store.contract import Store, Work
from aggregator.store.records import EVERYTHING
from aggregator.store.writer import Writer
from aggregator.websub.requests import FORM, publish

_BATCH = 500  # changes
_FEEDS = (".atom", ".rss", ".json")
_HUB_DEADLINE = timedelta(seconds=30)

Clock = Callable[[], datetime]


def names(settings: Settings) -> list[str]:
    """Return the names of all outputs: those of their places."""
    return [output.name for output in (*settings.export, *settings.webhook, *settings.command)]


def begin(work: Work, settings: Settings, now: datetime) -> None:
    """Give new outputs their place, before anything is polled; what is none any more has no trouble."""
    work.consumers.relieve(names(settings))
    for output in (*settings.webhook, *settings.command):
        if work.consumers.cursor(output.name) is None:
            work.consumers.advance(output.name, work.log.last() if output.start == "now" else Seq(0), now)


def file_sinks(settings: Settings, store: Store, write: Writer, clock: Clock) -> list[FileSink]:
    """Return the files of ``[[export]]``."""
    return [
        FileSink(
            export.path,
            Place(store, write, export.name, export.selection, clock),
            render=rendering("jsonl", settings.site.base_url, envelopes=export.changes).changes,
            clock=clock,
            rotate_size=export.rotate_size,
        )
        for export in settings.export
    ]


def delivery_sinks(settings: Settings, store: Store, write: Writer, poster: Poster, clock: Clock) -> list[DeliverySink]:
    """Return the receivers of ``[[webhook]]`` and ``[[command]]``."""
    return [
        DeliverySink(
            output.name,
            send,
            Place(store, write, output.name, output.selection, clock),
            retry_for=output.retry_for,
            clock=clock,
            chance=random.random,
        )
        for output, send in _senders(settings, poster, clock)
    ]


def hub_pings(settings: Settings, store: Store, poster: Poster, clock: Clock) -> list[HubPing]:
    """Return what tells each of ``[websub] hubs`` of changes in the feeds of everything."""

    def last() -> Seq:
        with store.read() as work:
            return work.log.last()

    async def tell(hub: str, topic: str) -> Failed | None:
        return await poster.post(hub, FORM, publish(topic), deadline=_HUB_DEADLINE)

    topics = [f"{settings.site.base_url}/feed{suffix}" for suffix in _FEEDS]
    newest = partial(asyncio.to_thread, last)
    return [HubPing(topics, partial(tell, hub), newest, clock) for hub in settings.websub.hubs]


def _senders(settings: Settings, poster: Poster, clock: Clock) -> Iterator[tuple[DeliverySettings, Send]]:
    base_url = settings.site.base_url
    for hook in settings.webhook:
        post = partial(poster.post, deadline=hook.timeout)
        yield (
            hook,
            Webhook(name=hook.name, url=hook.url, key=hook.secret, base_url=base_url, post=post, clock=clock),
        )
    for command in settings.command:
        yield command, Command(argv=command.argv, timeout=command.timeout, base_url=base_url)


class Place:
    """A named consumer's place in the change log: what an output is given instead of the store."""

    def __init__(
        self, store: Store, write: Writer, name: str, selection: Selection, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._write = write
        self._name = name
        self._selection = selection
        self._clock = clock
        self._at = Seq(0)  # the cursor as it was last seen

    async def changes(self) -> Batch:
        """Return the next changes."""
        batch = await asyncio.to_thread(self._next)
        self._at = batch.after
        return batch

    async def file(self, base: str) -> FilePlace | None:
        """Return the newest part of a file."""
        return await self._write(lambda work: work.consumers.file(self._name, base))

    async def open_files(self) -> Sequence[FilePlace]:
        """Return the files that are not closed."""
        return await self._write(lambda work: work.consumers.open_files(self._name))

    async def commit(self, file: FilePlace | None, seq: Seq | None) -> None:
        """Keep how far a file is written, and move the cursor."""
        if file is None and seq == self._at:
            return

        def write(work: Work) -> None:
            if file is not None:
                work.consumers.put_file(self._name, file)
            self._move(work, seq)

        await self._write(write)

    async def tell(self, trouble: str | None) -> None:
        """Keep why nothing can be written."""
        await self._write(lambda work: work.consumers.tell(self._name, trouble, self._clock()))

    async def turn(self) -> Turn:
        """Return what there is to deliver."""
        turn = await asyncio.to_thread(self._turn)
        self._at = turn.batch.after
        return turn

    async def delivered(self, through: Seq, *, again: Seq | None = None) -> bool:
        """Move the cursor, and forget a delivery that had failed before; False where somebody else moved it."""
        if through == self._at and again is None:
            return True

        def write(work: Work) -> None:
            if again is not None:
                work.deliveries.forget(self._name, again)
            self._move(work, through)

        await self._write(write)
        return self._at == through

    async def failed(self, delivery: Delivery, through: Seq) -> None:
        """Keep a delivery that failed, and move the cursor."""

        def write(work: Work) -> None:
            work.deliveries.put(self._name, delivery)
            self._move(work, through)

        await self._write(write)

    async def stop(self, reason: str) -> None:
        """Deliver nothing any more, and say so in the change log."""
        notice = Notice(kind="health", detail={"output": self._name, "state": "stopped", "reason": reason})

        def write(work: Work) -> None:
            work.deliveries.stop(self._name, reason)
            work.log.note([notice], None, self._clock())

        await self._write(write)

    def _next(self) -> Batch:
        with self._store.read() as work:
            return self._batch(work)

    def _turn(self) -> Turn:
        with self._store.read() as work:
            batch, waiting = self._batch(work), work.deliveries.waiting(self._name)
            behind = [delivery.seq for delivery in waiting if delivery.seq <= batch.after]
            revived = [work.log.select(Seq(seq - 1), EVERYTHING, limit=1).changes for seq in behind]
            return Turn(
                stopped=work.deliveries.stopped(self._name),
                waiting=waiting,
                revived=[change for changes in revived for change in changes if change.seq in behind],
                batch=batch,
            )

    def _batch(self, work: Work) -> Batch:
        return work.log.select(work.consumers.cursor(self._name) or Seq(0), self._selection, limit=_BATCH)

    def _move(self, work: Work, seq: Seq | None) -> None:
        """Move the cursor, but from where it was seen only: a replay that somebody asked for meanwhile stands."""
        if seq is not None and (work.consumers.cursor(self._name) or Seq(0)) == self._at:
            work.consumers.advance(self._name, seq, self._clock())
            self._at = seq
