"""The outputs at work: each a loop of its own, all of them replaced when a changed configuration is taken up."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

from aggregator.fetch import Poster
from aggregator.fetch.policy import configured_ports
from aggregator.jobs import Job, run_jobs
from aggregator.outputs import delivery_sinks, file_sinks
from aggregator.publish.delivery import DeliverySink
from aggregator.publish.files import FileSink
from aggregator.settings import Settings
from aggregator.store.contract import Store
from aggregator.store.writer import Writer
from aggregator.tooling import fetch_policy

_TICK = timedelta(seconds=1)


class Delivering:
    """Files, webhooks and commands of one configuration after the other. ``on_end`` is called when they fail."""

    def __init__(self, store: Store, write: Writer, clock: Callable[[], datetime], on_end: Callable[[], None]) -> None:
        self._store = store
        self._write = write
        self._clock = clock
        self._on_end = on_end
        self._stack = AsyncExitStack()
        self._files: list[FileSink] = []
        self._receivers: list[DeliverySink] = []
        self._stopping = asyncio.Event()
        self._loops: asyncio.Task[None] | None = None

    async def begin(self, settings: Settings) -> None:
        """Work on the outputs of the settings from now on."""
        poster = await self._stack.enter_async_context(poster_of(settings, self._clock))
        self._files = file_sinks(settings, self._store, self._write, self._clock)
        self._receivers = delivery_sinks(settings, self._store, self._write, poster, self._clock)
        self._stopping = asyncio.Event()
        sinks: list[FileSink | DeliverySink] = [*self._files, *self._receivers]
        self._loops = None
        if not sinks:
            return
        jobs = [Job(sink.catch_up, _TICK) for sink in sinks]
        self._loops = asyncio.create_task(run_jobs(jobs, self._stopping, self._drain))
        self._loops.add_done_callback(self._ended)

    def stop(self) -> None:
        """Begin no delivery any more."""
        for receiver in self._receivers:
            receiver.stop()

    async def end(self) -> None:
        """Stop, and let what is under way finish; the files are left complete. Raises what a loop raised."""
        self._stopping.set()
        try:
            if self._loops is not None:
                await self._loops
        finally:
            await self._stack.aclose()
        for sink in self._files:
            await sink.catch_up()

    def _ended(self, loops: "asyncio.Task[None]") -> None:
        if not loops.cancelled() and loops.exception() is not None:
            self._on_end()

    async def _drain(self) -> None:
        self.stop()


def poster_of(settings: Settings, clock: Callable[[], datetime]) -> Poster:
    """Return what sends webhooks: no other addresses and ports are open to them than to feeds, but their own."""
    ports = configured_ports([*(hook.url for hook in settings.webhook), *settings.websub.hubs])
    return Poster(fetch_policy(settings, ports), now=clock)
