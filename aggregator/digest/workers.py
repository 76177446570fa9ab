"""Worker processes for digesting, bounded in memory and time: a hostile document costs one feed (XM-14, XM-15).

Each worker process has a thread here that sends it what waits, several documents at once when many do, and takes the
answers as they come. So it is known at any time which document a worker is reading, and that one alone pays for the
worker's end: the others of its lot go to the next worker.
"""

import asyncio
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Pipe
from types import TracebackType
from typing import Any, Self

import structlog

from aggregator.digest.job import DigestJob, PageJob, RenewJob
from aggregator.digest.worker import Answer, DigestBugError, Job, Read, read_document
from aggregator.model import Digest, FailureKind, Missed, Page, Renewal, Unreadable
from aggregator.settings.values import shown

log = structlog.get_logger("aggregator.digest")

PARSE_SECONDS = 10.0
_START_SECONDS = 60.0
_MOST_JOBS = 8  # in one lot, and
_MOST_BYTES = 2**20  # this much of documents, unless one is larger
# Not through multiprocessing, whose children load the parent's main module: for us that is the whole command line.
_CHILD = "import sys; sys.path[:] = {path!r}; from aggregator.digest.worker import serve; serve({descriptor})"


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    job: Job
    answer: asyncio.Future[Any]  # what reading such a job returns

    def settle(self, answer: Answer) -> None:
        """Hand the answer over, from any thread."""
        self.answer.get_loop().call_soon_threadsafe(self._settle, answer)

    def _settle(self, answer: Answer) -> None:
        if self.answer.done():  # nobody waits for it any more
            return
        if isinstance(answer, DigestBugError):
            self.answer.set_exception(answer)
        else:
            self.answer.set_result(answer)


class Digester:
    """A pool of workers. A worker that hangs is killed, one that dies is replaced, and the others never notice."""

    def __init__(
        self,
        workers: int,
        *,
        seconds: float = PARSE_SECONDS,
        read: Read = read_document,
        on_loss: Callable[[], None] = lambda: None,
    ) -> None:
        """Read documents with ``read``, a function of a module, for at most ``seconds`` each.

        ``on_loss`` is called, in any thread, for each worker that hung or died.
        """
        self._on_loss = on_loss
        self._seconds = seconds
        self._read = read
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._workers: dict[threading.Thread, _Worker] = {}
        self._threads = [threading.Thread(target=self._live, name="digest", daemon=True) for _ in range(workers)]
        self._stopping = threading.Event()

    async def __call__(self, job: DigestJob) -> Digest | Unreadable:
        """Return the document's digest. Raises DigestBugError for a bug in the pipeline.

        A worker's end is a value, and a line of the log.
        """
        read: Digest | Unreadable = await self._put(job)
        return read

    async def extract(self, job: PageJob) -> Page | Missed | Unreadable:
        """Return the article of a web page; as for documents otherwise."""
        read: Page | Missed | Unreadable = await self._put(job)
        return read

    async def renew(self, job: RenewJob) -> Renewal | Unreadable | None:
        """Return what is found out about a stored record anew; None where nothing is to be."""
        found: Renewal | Unreadable | None = await self._put(job)
        return found

    async def _put(self, job: Job) -> Any:
        task = _Task(job, asyncio.get_running_loop().create_future())
        self._tasks.put(task)
        return await task.answer

    async def __aenter__(self) -> Self:
        for thread in self._threads:  # the workers load what they need while the first documents come in
            thread.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        for _ in self._threads:
            self._tasks.put(None)
        for worker in list(self._workers.values()):
            worker.kill()
        for thread in self._threads:
            await asyncio.to_thread(thread.join, 10)

    def _live(self) -> None:
        """A thread's life: one worker after the other, one lot after the other."""
        worker = self._start()
        while lot := self._next_lot():
            while lot and not self._stopping.is_set():
                jobs = [task.job for task in lot]
                for answer in worker.answers(jobs, self._seconds):
                    lot.popleft().settle(answer)
                if worker.is_lost and not self._stopping.is_set():
                    self._on_loss()
                    worker = self._start()
        worker.kill()

    def _start(self) -> "_Worker":
        worker = self._workers[threading.current_thread()] = _Worker(self._read)
        return worker

    def _next_lot(self) -> deque[_Task]:
        """Wait for tasks; return this worker's share of those that wait. None are left when the pool stops."""
        lot: deque[_Task] = deque()
        size = 0
        while not lot or (len(lot) < _MOST_JOBS and size < _MOST_BYTES and self._tasks.qsize() >= len(self._threads)):
            try:
                task = self._tasks.get(block=not lot)
            except queue.Empty:
                break
            if task is None:
                break
            lot.append(task)
            size += len(task.job.body)
        return lot


class _Worker:
    """One process and our end of the connection to it."""

    def __init__(self, read: Read) -> None:
        self._connection, theirs = Pipe()
        code = _CHILD.format(path=sys.path, descriptor=theirs.fileno())
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                [sys.executable, "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._read = read
        self._is_ready = False
        self.is_lost = False

    def answers(self, jobs: Sequence[Job], seconds: float) -> Iterator[Answer]:
        """Yield an answer a job. The process's end is the answer to the one that it was reading, and the last."""
        job = jobs[0]
        try:
            self._begin()
            self._connection.send(jobs)
            for job in jobs:
                if not self._connection.poll(seconds):
                    message = f"reading the document took longer than {seconds:g} seconds"
                    yield self._lost(job, "parse-timeout", message)
                    return
                yield self._connection.recv()
        except (EOFError, OSError):
            yield self._lost(job, "parse-crashed", "reading the document ended its worker process")

    def kill(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()

    def _begin(self) -> None:
        """Wait until the process can read documents; that counts for no document's time."""
        if self._is_ready:
            return
        self._connection.send(self._read)
        if not self._connection.poll(_START_SECONDS):
            raise EOFError
        self._connection.recv()
        self._is_ready = True

    def _lost(self, job: Job, kind: FailureKind, message: str) -> Unreadable:
        self.is_lost = True
        self.kill()
        log.warning("worker lost", feed=shown(job.feed_url), kind=kind)
        return Unreadable(kind=kind, message=message)
