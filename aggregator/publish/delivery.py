"""Giving changes to a receiver one by one, in order, at least once each; retried for days, then a dead letter."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from aggregator.model import Batch, Change, Delivery, Seq
from aggregator.publish.retrying import Refusal, after_failure

_COMMIT_EVERY = timedelta(seconds=1)  # what is delivered in between is delivered again after a crash

log = structlog.get_logger("aggregator.delivery")

Send = Callable[[Change], Awaitable[Refusal | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What there is to deliver."""

    stopped: str | None
    waiting: Sequence[Delivery]
    revived: Sequence[Change]  # those of them that lie behind the cursor: dead letters to be tried again
    batch: Batch


class Queue(Protocol):
    """A consumer's place in the change log and what it could not be given, kept by the store."""

    async def turn(self) -> Turn:
        """Return what there is to do."""

    async def delivered(self, through: Seq, *, again: Seq | None = None) -> bool:
        """Move the cursor, and forget a delivery that had failed before; False where somebody else moved it."""

    async def failed(self, delivery: Delivery, through: Seq) -> None:
        """Keep a delivery that failed, and move the cursor."""

    async def stop(self, reason: str) -> None:
        """Deliver nothing any more, and say so in the change log."""


class DeliverySink:
    """One ``[[webhook]]`` or ``[[command]]`` of the settings."""

    def __init__(
        self,
        name: str,
        send: Send,
        queue: Queue,
        *,
        retry_for: timedelta,
        clock: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        self._name = name
        self._send = send
        self._queue = queue
        self._retry_for = retry_for
        self._clock = clock
        self._chance = chance
        self._stopping = False

    def stop(self) -> None:
        """Begin no further delivery."""
        self._stopping = True

    async def catch_up(self) -> None:
        """Deliver every change that the receiver has not had, until one fails or has to wait."""
        while not self._stopping:
            turn = await self._queue.turn()
            if turn.stopped is not None:
                return
            waiting = {delivery.seq: delivery for delivery in turn.waiting}
            if not await self._again(turn, waiting) or not await self._deliver(turn.batch, waiting):
                return

    async def _again(self, turn: Turn, waiting: dict[Seq, Delivery]) -> bool:
        """Try the revived ones, which are out of order anyway, until one fails. False where all is over."""
        for change in turn.revived:
            before = waiting[change.seq]
            if before.next_try_at > self._clock() or self._stopping:
                continue
            refusal = await self._try(change)
            if refusal is not None:
                return await self._keep(self._next_try(before, change, refusal), refusal, turn.batch.after)
            await self._queue.delivered(turn.batch.after, again=change.seq)
        return True

    async def _deliver(self, batch: Batch, waiting: dict[Seq, Delivery]) -> bool:
        """Deliver a batch; True where there may be another."""
        done, committed_at = batch.after, self._clock()
        for change in batch.changes:
            before = waiting.get(change.seq)
            if self._stopping or (before is not None and before.next_try_at > self._clock()):
                await self._queue.delivered(done)
                return False
            refusal = await self._try(change)
            if refusal is not None:
                return await self._refused(before, change, refusal, done)
            done = change.seq
            if before is not None or self._clock() - committed_at >= _COMMIT_EVERY:
                committed_at = self._clock()
                if not await self._queue.delivered(done, again=None if before is None else done):
                    return True
        await self._queue.delivered(batch.through)
        return batch.through > batch.after

    async def _refused(self, before: Delivery | None, change: Change, refusal: Refusal, done: Seq) -> bool:
        """Keep what failed; True where it is dead, so that the next one's turn has come."""
        delivery = self._next_try(before, change, refusal)
        dead = delivery.dead_at is not None
        return await self._keep(delivery, refusal, change.seq if dead else done) and dead

    async def _try(self, change: Change) -> Refusal | None:
        try:
            return await self._send(change)
        except Exception as error:  # one change that we cannot send must not keep all others back
            log.exception("delivery failed by a bug", output=self._name, seq=change.seq)
            return Refusal(message=f"a bug in aggregator: {error!r:.200}")

    def _next_try(self, before: Delivery | None, change: Change, refusal: Refusal) -> Delivery:
        return after_failure(
            before, change.seq, refusal, self._clock(), retry_for=self._retry_for, chance=self._chance()
        )

    async def _keep(self, delivery: Delivery, refusal: Refusal, through: Seq) -> bool:
        """Write it down; False where nothing is to be sent any more."""
        await self._queue.failed(delivery, through)
        log.warning(
            "not delivered",
            output=self._name,
            seq=delivery.seq,
            tries=delivery.tries,
            reason=delivery.error,
            **({"dead": True} if delivery.dead_at else {"next": delivery.next_try_at.isoformat(timespec="seconds")}),
        )
        if refusal.final:
            await self._queue.stop(refusal.message)
            log.warning("output stopped", output=self._name, reason=refusal.message)
        return not refusal.final
