"""A worker process from within: it reads documents one by one, until its parent hangs up.

What it is sent: once the function that reads, then lists of jobs. What it sends: None when it is ready, then one answer
a job, in order.
"""

import ctypes
import resource
import signal
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

from aggregator.digest.job import DigestJob, PageJob, RenewJob
from aggregator.digest.memory import give_memory_back
from aggregator.digest.page import read_page
from aggregator.model import Digest, Missed, Page, Renewal, Unreadable

Read = Callable[[DigestJob], Digest | Unreadable]
Job = DigestJob | PageJob | RenewJob

_DATA_BYTES = 768 * 2**20  # heap and private mappings
_PR_SET_PDEATHSIG = 1


class DigestBugError(Exception):
    """Reading a document raised; the message is the traceback."""


Answer = Digest | Page | Missed | Renewal | Unreadable | DigestBugError | None  # None: nothing to renew


def read_document(job: DigestJob) -> Digest | Unreadable:
    """Digest a document."""
    # Loaded here, by the workers: the daemon has no use for what reads documents.
    from aggregator.digest.pipeline import digest  # noqa: PLC0415

    return digest(job)


def serve(descriptor: int) -> None:
    """Live as a worker at the other end of a connection."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which drains
    import aggregator.digest.pipeline  # noqa: F401, PLC0415 - or the first document would wait for it

    resource.setrlimit(resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    give_memory_back()
    with Connection(descriptor) as parent:
        read = parent.recv()
        parent.send(None)
        while True:
            try:
                jobs = parent.recv()
            except EOFError:
                return
            for job in jobs:
                parent.send(_answer(read, job))


def _answer(read: Read, job: Job) -> Answer:
    try:
        return _result(read, job)
    except MemoryError:
        return Unreadable(kind="parse-crashed", message="reading the document took too much memory")
    except Exception:  # noqa: BLE001 - raised again by the parent
        return DigestBugError(traceback.format_exc())


def _result(read: Read, job: Job) -> Answer:
    match job:
        case PageJob():
            return read_page(job)
        case RenewJob():
            from aggregator.digest.renewal import renewed  # noqa: PLC0415 - as with documents

            return renewed(job)
    return read(job)
