"""A store that cannot be written for a while, and one that is gone."""

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from aggregator.digest.job import DigestJob
from aggregator.model import Digest, Fetched, FetchResult
from aggregator.store.contract import StoreLostError, StoreUnavailableError
from aggregator.store.sqlite.store import SqliteStore
from tests.poll.making import HOUR, Running, polling
from tests.store.factory import a_digest, a_draft

T = TypeVar("T")
FEEDS = [f"http://{n}.example/feed" for n in range(12)]
STORIES = 10


def fetched(url: str) -> FetchResult:
    """A document that is new to us."""
    return Fetched(
        url=url,
        permanent_url=None,
        status=200,
        body=url.encode(),
        headers={},
        validators=None,
        retry_after=None,
        wire_bytes=1,
    )


async def stories(job: DigestJob) -> Digest:
    """What every document holds."""
    return a_digest(*(a_draft(f"{job.feed_url}/{n}", body=f"{n} word " * 500) for n in range(STORIES)))


async def on_the_connection(running: Running, use: Callable[[sqlite3.Connection], T]) -> T:
    """Do something with the connection of the writer, in its thread."""
    store = running.store
    assert isinstance(store, SqliteStore)

    def run() -> T:
        assert store._db is not None
        return use(store._db.conn)

    return await asyncio.get_running_loop().run_in_executor(running.tools.write._thread, run)


def no_room(connection: sqlite3.Connection) -> None:
    """Let the file grow by a few pages only."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count={pages + 40}")


def room(connection: sqlite3.Connection) -> None:
    """Let it grow."""
    connection.execute("PRAGMA max_page_count=1000000")


async def until(fact: Callable[[], bool]) -> None:
    """Wait for a fact."""
    async with asyncio.timeout(20):
        while not fact():  # noqa: ASYNC110 - facts of a file set no event
            await asyncio.sleep(0.005)


def carried(running: Running) -> list[int]:
    """Return how many records each feed has: all that its document gave, or none."""
    return [status.records for status in running.statuses()]


async def test_a_full_disk_pauses_polling_and_it_resumes_alone(tmp_path: Path) -> None:
    """SQ-09: SQLite rolls back by itself; nothing is torn, nothing fetched again, nothing lost; the status says why."""
    async with polling(tmp_path, *FEEDS, patient=True, digest=stories) as running:
        with running.store.exclusive("a test"):
            running.world.answer = fetched
            await on_the_connection(running, no_room)
            task = asyncio.create_task(running.poller.poll_due())
            await until(lambda: running.tools.write.is_held_up)
            holder = running.store.holder()
            assert holder is not None
            assert "no room" in str(holder.trouble)
            assert set(carried(running)) == {0, STORIES}
            running.world.now += 2 * HOUR  # longer than any lease
            await asyncio.sleep(0.1)
            assert not task.done()
            await on_the_connection(running, room)
            await task
            holder = running.store.holder()
            assert holder is not None
            assert holder.trouble is None
        assert set(carried(running)) == {STORIES}
        assert all(running.world.asked.count(url) <= 2 for url in FEEDS)  # once in each of the hours that went by
        assert len(running.world.reports) == len(running.world.asked)  # no poll was taken over by another
        assert [finding for finding in running.store.examine(running.world.now) if finding.severity == "problem"] == []


async def test_while_nothing_can_be_written_nobody_is_asked(tmp_path: Path) -> None:
    """SQ-09: a claim that cannot be written is no request; it is tried again at the next tick."""
    async with polling(tmp_path, *FEEDS, patient=True, digest=stories) as running:
        await on_the_connection(running, lambda connection: connection.execute("PRAGMA query_only=ON"))
        with pytest.raises(StoreUnavailableError, match="only be read"):
            await running.poll()
        assert running.world.asked == []
        await on_the_connection(running, lambda connection: connection.execute("PRAGMA query_only=OFF"))
        assert sorted(await running.poll()) == sorted(FEEDS)


async def test_who_stops_while_the_disk_is_full_does_not_wait(tmp_path: Path) -> None:
    """SQ-09: what was fetched is fetched again another day."""
    async with polling(tmp_path, *FEEDS, patient=True, digest=stories) as running:
        running.world.answer = fetched
        await on_the_connection(running, no_room)
        task = asyncio.create_task(running.poller.poll_due())
        await until(lambda: running.tools.write.is_held_up)
        running.tools.write.give_up()
        await running.poller.drain(10)
        await asyncio.gather(task, return_exceptions=True)
        assert set(carried(running)) == {0, STORIES}


async def test_a_prompt_is_told_at_once(tmp_path: Path) -> None:
    """SQ-09: only the daemon is patient."""
    async with polling(tmp_path, *FEEDS, digest=stories) as running:
        running.world.answer = fetched
        await on_the_connection(running, no_room)
        await running.poll()
        assert 0 in carried(running)
        assert len(running.world.reports) == sum(count > 0 for count in carried(running))


async def test_another_writer_is_waited_for(tmp_path: Path) -> None:
    """SQ-07, SQ-08: an immediate transaction waits its turn, and then is told that it is busy; nothing is lost."""
    async with polling(tmp_path, *FEEDS, patient=True, digest=stories) as running:
        await on_the_connection(running, lambda connection: connection.execute("PRAGMA busy_timeout=10"))
        other = sqlite3.connect(tmp_path / "store.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailableError, match="another process holds it"):
            await running.tools.write.once(lambda work: work.records.count())
        waiting = asyncio.create_task(running.tools.write(lambda work: work.records.count()))
        await until(lambda: running.tools.write.is_held_up)
        other.execute("ROLLBACK")
        assert await waiting == 0
        other.close()


@pytest.mark.parametrize("replaced", [False, True])
async def test_a_file_that_is_gone_is_written_to_no_more(tmp_path: Path, replaced: bool) -> None:
    """SQ-10: deleted, or another put in its place, while it was open."""
    async with polling(tmp_path, *FEEDS) as running:
        path = tmp_path / "store.sqlite"
        path.rename(tmp_path / "elsewhere.sqlite")
        if replaced:
            path.write_bytes(b"")
        with pytest.raises(StoreLostError, match="deleted or replaced"):
            await running.poll()
