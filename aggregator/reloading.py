"""Taking up a changed configuration while polls go on: all of it is right, or nothing changes."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import structlog

from aggregator.feeds import Comparison, Configuration, compare, load
from aggregator.fetch.budget import OriginBudget
from aggregator.outputs import begin
from aggregator.poll import Tools
from aggregator.poller import Poller
from aggregator.schedule.mending import mended
from aggregator.settings import ConfigError, Settings
from aggregator.settings.difference import described, told_of
from aggregator.settings.fixed import as_far_as_running
from aggregator.store.contract import StoreError, StoreLostError, Work
from aggregator.store.fleet import fleet_of
from aggregator.store.writer import Writer
from aggregator.text.counted import counted
from aggregator.tooling import Workshop, budget_of, unshareable

_MOST_TOLD = 20  # settings

log = structlog.get_logger("aggregator.daemon")


class RefusedError(Exception):
    """The configuration is not taken up; says why, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What the daemon works by."""

    configuration: Configuration
    tools: Tools
    closing: AsyncExitStack  # what to close when nothing uses the tools any more

    @property
    def settings(self) -> Settings:
        """The settings that count."""
        return self.configuration.settings


class Reloader:
    """Reads the configuration again when it is asked to.

    ``adopt`` is told of settings that are taken up; ``on_answer`` whether an attempt succeeded, and when that was.
    """

    def __init__(
        self,
        running: Running,
        workshop: Workshop,
        poller: Poller,
        environ: Mapping[str, str],
        *,
        adopt: Callable[[Running, Running], Awaitable[None]],
        on_answer: Callable[[bool, datetime], None],
    ) -> None:
        self.running = running
        self._workshop = workshop
        self._poller = poller
        self._environ = environ
        self._adopt = adopt
        self._on_answer = on_answer
        self._topics = running.settings.enrich.topics
        self._vocabulary = _stamp(self._topics)
        self._signalled = False
        self._retiring: set[asyncio.Task[None]] = set()

    def signalled(self) -> None:
        """Take a signal for a wish; it is granted by the next ``catch_up``."""
        self._signalled = True

    async def pass_on(self) -> None:
        """Make a wish of a signal."""
        if self._signalled:
            self._signalled = False
            await self._workshop.write(lambda work: work.reloads.ask(self._workshop.clock(), force=False))

    async def catch_up(self) -> None:
        """Grant the wishes that are there."""
        await self.pass_on()
        await self.grant()

    async def grant(self) -> int:
        """Grant the wishes in the store; return the number of the last of them, 0 where there was none."""
        write, clock = self._workshop.write, self._workshop.clock
        answered = 0
        while (wish := await write(lambda work: work.reloads.waiting())) is not None:
            taken, message = await self._granted(force=wish.force)
            self._tell(taken, message)
            answered = wish.id
            await write(lambda work: work.reloads.answer(answered, clock(), taken=taken, message=message))  # noqa: B023
        return answered

    async def again(self) -> None:
        """Read it although nobody asks this process: another one of the fleet has taken it up."""
        taken, message = await self._granted(force=True)
        self._tell(taken, message)

    async def end(self) -> None:
        """Wait until nothing uses the tools of earlier configurations; whoever polls with them was told to stop."""
        await asyncio.gather(*self._retiring)

    def _tell(self, taken: bool, message: str) -> None:
        self._on_answer(taken, self._workshop.clock())
        (log.info if taken else log.error)("configuration taken up" if taken else "reload refused", detail=message)

    async def _granted(self, *, force: bool) -> tuple[bool, str]:
        try:
            return True, await self._reload(force=force)
        except StoreLostError:
            raise
        except (ConfigError, RefusedError, StoreError) as error:
            return False, str(error)
        except Exception as error:  # an answer is owed, and the daemon lives
            log.exception("reload failed by a bug")
            return False, f"a bug in aggregator: {error!r:.200}; see the daemon's log"

    async def _reload(self, *, force: bool) -> str:
        """Take the configuration up; return what changed. Raises ConfigError, RefusedError, StoreError."""
        before = self.running
        wanted = await asyncio.to_thread(load, before.settings.path, self._environ)
        settings, waiting = as_far_as_running(before.settings, wanted.settings)
        if self._workshop.is_shared and (trouble := unshareable(settings)):
            raise RefusedError(trouble)
        configuration = replace(wanted, settings=settings)
        found = compare(await self._workshop.write(lambda work: work.feeds.known()), configuration.feeds)
        if found.stops_most and not force:
            raise RefusedError(
                f"{found.stopping} of {counted(found.polled, 'feed')} would be polled no more: nothing is changed; see"
                " `aggregator plan`, and if that is right, `aggregator reload --force`"
            )
        stack = AsyncExitStack()
        try:
            budget = await self._budget(before, settings)
            tools = await stack.enter_async_context(self._workshop.tools(configuration, budget))
            now = self._workshop.clock()
            await self._workshop.write(lambda work: take_up(work, configuration, tools, now))
        except BaseException:
            await stack.aclose()
            raise
        self.running = Running(configuration=configuration, tools=tools, closing=stack)
        self._retire(before, self._poller.adopt(tools, concurrency=settings.fetch.concurrency))
        await self._adopt(before, self.running)
        changed = told_of(before.settings, settings)
        return _told(found, configuration, changed, (*waiting, *self._unseen(settings)))

    async def _budget(self, before: Running, settings: Settings) -> OriginBudget:
        """Return the budget in use, or a new one, which knows what was learnt, for other limits."""
        if settings.fetch == before.settings.fetch:
            return before.tools.budget
        budget = budget_of(settings)
        news = before.tools.budget.news()

        def write(work: Work) -> None:
            work.origins.keep(news)
            budget.restore(work.origins.paces(), self._workshop.clock())

        await self._workshop.write(write)
        return budget

    def _retire(self, before: Running, under_way: set[asyncio.Task[None]]) -> None:
        """Let what is under way finish with the tools of before, and then go of those."""

        async def retire() -> None:
            if under_way:
                await asyncio.wait(under_way)
            await before.closing.aclose()

        task = asyncio.create_task(retire())
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    def _unseen(self, settings: Settings) -> tuple[str, ...]:
        """Return what has changed in files that are read once."""
        topics = settings.enrich.topics
        is_same_file = topics == self._topics
        is_unseen = is_same_file and _stamp(topics) != self._vocabulary
        if not is_same_file:
            self._topics, self._vocabulary = topics, _stamp(topics)
        return (f"the words in {topics}",) if is_unseen else ()


class Following:
    """Has a process of a fleet take up what the one that leads has taken up; where none leads, it grants wishes too."""

    def __init__(self, reloader: Reloader, write: Writer) -> None:
        self._reloader = reloader
        self._write = write
        self._seen: int | None = None  # the last wish that was answered

    async def catch_up(self) -> None:
        """Look for what there is to take up."""
        await self._reloader.pass_on()
        last, waiting = await self._write(lambda work: (work.reloads.last(), work.reloads.waiting()))
        answered = 0 if last is None else last.id
        if self._seen is not None and last is not None and last.taken and answered > self._seen:
            await self._reloader.again()
        self._seen = answered
        if waiting is not None and not await self._write(lambda work: fleet_of(work).is_led()):
            self._seen = max(self._seen, await self._reloader.grant())


def take_up(work: Work, configuration: Configuration, tools: Tools, now: datetime) -> None:
    """Make the feeds and outputs of a store those of a configuration; feeds that have moved keep their state."""
    for move in compare(work.feeds.known(), configuration.feeds).moved:
        work.feeds.move(move.before.url, move.after.url, now)
    work.feeds.sync(configuration.feeds, now, origin_of=tools.origin_of)
    begin(work, configuration.settings, now)
    work.reloads.put_in_use(json.dumps(described(configuration.settings), ensure_ascii=False))
    work.schedule.mend(lambda feeds: mended(feeds, tools.policy, now))  # other settings, or another clock (SC-28)


def _told(found: Comparison, configuration: Configuration, changed: Sequence[str], waiting: tuple[str, ...]) -> str:
    counts = {
        "added": len(found.added) + len(found.returning),
        "changed": len(found.changed),
        "moved": len(found.moved),
        "removed": len(found.removed),
    }
    told = ", ".join(f"{count} {what}" for what, count in counts.items() if count) or "none added or removed"
    later = f"; a restart is needed for {', '.join(waiting)}" if waiting else ""
    return f"{counted(len(configuration.feeds), 'feed')}: {told}{_settings_told(changed)}{later}"


def _settings_told(changed: Sequence[str]) -> str:
    more = f" and {len(changed) - _MOST_TOLD} more" if len(changed) > _MOST_TOLD else ""
    return f"; settings: {', '.join(changed[:_MOST_TOLD])}{more}" if changed else ""


def _stamp(path: Path | None) -> int | None:
    try:
        return None if path is None else path.stat().st_mtime_ns
    except OSError:
        return None
