"""Delivery on a real store: in order, at least once, tried again for days, then a dead letter."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.model import Change, Selection, Seq
from aggregator.outputs import Place
from aggregator.publish.delivery import DeliverySink
from aggregator.publish.retrying import Refusal
from aggregator.store.contract import Store
from aggregator.store.readers import ConsumerStatus
from aggregator.store.writer import Writer
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

FEED = "https://a.example/"
NO = Refusal(message="no")
DAY = timedelta(days=1)


@dataclass
class World:
    """A receiver that takes everything but what it refuses, and the time of day."""

    store: Store
    write: Writer
    now: datetime = NOW
    refused: dict[int, Refusal] = field(default_factory=dict)
    got: list[int] = field(default_factory=list)  # every try
    sink: DeliverySink = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self, selection: Selection | None = None) -> None:
        """Begin anew with what is in the store."""
        place = Place(self.store, self.write, "chat", selection or Selection(), lambda: self.now)
        self.sink = DeliverySink(
            "chat", self.send, place, retry_for=3 * DAY, clock=lambda: self.now, chance=lambda: 0.0
        )

    async def send(self, change: Change) -> Refusal | None:
        """Take it or not."""
        self.got.append(change.seq)
        return self.refused.get(change.seq)

    async def tried(self, after: timedelta = timedelta()) -> list[int]:
        """Let time pass and deliver; return the seqs that were tried."""
        self.now += after
        self.got.clear()
        await self.sink.catch_up()
        return list(self.got)

    def status(self) -> ConsumerStatus:
        """Return where the consumer is."""
        with self.store.read() as work:
            (status,) = work.consumers.statuses()
        return status


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Offer four changes for a consumer at the beginning."""
    with a_store(tmp_path, FEED) as store:
        poll(store, FEED, a_digest(*(a_draft(f"s/{n}", title=f"Story {n}") for n in range(1, 5))), NOW)
        store.close()
        async with Writer(store) as write:
            await write(lambda work: work.consumers.advance("chat", Seq(0), NOW))
            yield World(store, write)


async def test_changes_are_delivered_once_in_order(world: World) -> None:
    """OI-10."""
    assert await world.tried() == [1, 2, 3, 4]
    assert await world.tried() == []
    assert (world.status().seq, world.status().lag) == (4, 0)


async def test_order_is_kept_while_one_waits_also_over_a_restart(world: World) -> None:
    """What waits is in the store: attempts and the next one."""
    world.refused[2] = NO
    assert await world.tried() == [1, 2]
    assert (world.status().seq, world.status().waiting) == (1, 1)
    assert await world.tried(timedelta(seconds=4)) == []
    world.restart()
    assert await world.tried(timedelta(seconds=1)) == [2]
    assert await world.tried(timedelta(seconds=9)) == []
    del world.refused[2]
    assert await world.tried(timedelta(seconds=1)) == [2, 3, 4]
    assert (world.status().seq, world.status().waiting) == (4, 0)


async def test_retry_after_is_obeyed(world: World) -> None:
    world.refused[1] = Refusal(message="busy", wait=timedelta(hours=2))
    assert await world.tried() == [1]
    assert await world.tried(timedelta(minutes=119)) == []
    assert await world.tried(timedelta(minutes=1)) == [1]


async def test_after_days_it_is_a_dead_letter_that_can_be_replayed(world: World) -> None:
    """The next one's turn has come; what is revived holds nothing up."""
    world.refused[2] = NO
    await world.tried()
    for _ in range(80):
        await world.tried(timedelta(hours=1))
    assert (world.status().seq, world.status().dead, world.status().waiting) == (4, 1, 0)
    with world.store.read() as work:
        ((name, letter),) = work.deliveries.dead()
        assert (name, letter.seq, letter.error) == ("chat", 2, "no")
        assert letter.dead_at is not None
        assert letter.dead_at - letter.first_try_at >= 3 * DAY
        assert work.deliveries.dead("other") == []
    assert await world.write(lambda work: work.deliveries.revive("chat", [], world.now)) == 1
    assert await world.tried() == [2]
    assert (world.status().dead, world.status().waiting) == (0, 1)
    del world.refused[2]
    assert await world.tried(timedelta(seconds=5)) == [2]
    assert (world.status().seq, world.status().dead, world.status().waiting) == (4, 0, 0)


async def test_a_receiver_that_is_gone_is_left_alone_and_health_says_so(world: World) -> None:
    """410; until somebody resumes it, where it stopped."""
    world.refused[3] = Refusal(message="HTTP 410 Gone", final=True)
    assert await world.tried() == [1, 2, 3]
    assert world.status().stopped == "HTTP 410 Gone"
    assert await world.tried(DAY) == []
    with world.store.read() as work:
        *_, health = work.log.after(Seq(0), limit=9)
    assert (health.kind, health.feed, health.record) == ("health", None, None)
    assert health.detail == {"output": "chat", "state": "stopped", "reason": "HTTP 410 Gone"}
    world.refused.clear()
    await world.write(lambda work: work.deliveries.stop("chat", None))
    assert await world.tried() == [3, 4, 5]


async def test_what_is_not_selected_is_passed_over(world: World) -> None:
    world.restart(Selection(kinds=("updated",)))
    assert await world.tried() == []
    assert world.status().seq == 4


async def test_a_replay_that_is_asked_for_while_a_batch_is_under_way_stands(world: World) -> None:
    """OI-10: the batch's end does not move the cursor from where somebody put it."""
    send = world.send

    async def replayed(change: Change) -> Refusal | None:
        if change.seq == 4 and len(world.got) == 3:
            await world.write(lambda work: work.consumers.advance("chat", Seq(1), world.now))
        return await send(change)

    world.sink._send = replayed
    assert await world.tried() == [1, 2, 3, 4, 2, 3, 4]


async def test_a_change_that_cannot_be_sent_keeps_no_other_back_for_ever(world: World) -> None:
    """A bug of ours is a failure like any other."""

    async def broken(change: Change) -> Refusal | None:
        raise RuntimeError("a bug")

    world.sink._send = broken
    await world.tried()
    with world.store.read() as work:
        (letter,) = work.deliveries.waiting("chat")
    assert "RuntimeError" in letter.error


async def test_a_sink_that_is_stopped_begins_nothing(world: World) -> None:
    send = world.send

    async def stopping(change: Change) -> Refusal | None:
        world.sink.stop()
        return await send(change)

    world.sink._send = stopping
    assert await world.tried() == [1]
    assert world.status().seq == 1
