"""How ``aggregator export`` reads: once, or going on as changes come."""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import typer

from aggregator.cli.output import opened
from aggregator.daemon import clock
from aggregator.model import Selection, Seq
from aggregator.publish.formats import Rendering
from aggregator.store.contract import Store

_BATCH = 1000  # changes
_LOOK_AGAIN = 1.0  # seconds
_ENDS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What to read and how to write it."""

    store: Store
    selection: Selection
    rendering: Rendering
    pack: Callable[[bytes], bytes]
    log: bool  # the change log, not the records
    consumer: str | None
    acks: bool
    from_now: bool


def export_once(reading: Reading, output: Path | None) -> None:
    """Write what there is. A consumer's place moves when the output is complete."""
    with _alone(reading):
        with opened(output) as out:
            out.write(reading.pack(reading.rendering.header))
            if reading.log or reading.consumer is not None:
                seq = _write_log(reading, _begin(reading), out)
            else:
                seq = _write_records(reading, out)
        _ack(reading, seq)


def export_on(reading: Reading) -> None:
    """Write what there is and what comes, until SIGINT or SIGTERM; a consumer's place moves with every batch."""
    out = sys.stdout.buffer
    with _alone(reading), _ended() as ended:
        out.write(reading.pack(reading.rendering.header))
        if reading.log or reading.consumer is not None or reading.from_now:
            seq = _begin(reading)
        else:
            seq = _write_records(reading, out)
        out.flush()
        wait = 0.0
        while not ended(wait):
            with reading.store.read() as work:
                batch = work.log.select(seq, reading.selection, limit=_BATCH)
            out.write(reading.pack(reading.rendering.changes(batch.changes)))
            out.flush()
            if batch.through > seq:
                _ack(reading, batch.through)
            wait = _LOOK_AGAIN if batch.through == seq else 0.0
            seq = batch.through


def moment(text: str | None) -> datetime | None:
    """Read a date or time of the command line; without a zone it is UTC. Raises BadParameter."""
    if text is None:
        return None
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a date or time such as 2026-06-24 or 2026-06-24T22:00Z") from error
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _alone(reading: Reading) -> AbstractContextManager[None]:
    if reading.consumer is None:
        return nullcontext()
    return reading.store.consuming(reading.consumer, f"aggregator export --consumer {reading.consumer}")


def _begin(reading: Reading) -> Seq:
    """Return where to go on. A new consumer that will not be moved from here gets its place now."""
    with reading.store.read() as work:
        cursor = None if reading.consumer is None else work.consumers.cursor(reading.consumer)
        if cursor is not None:
            return cursor
        seq = work.log.last() if reading.from_now else Seq(0)
    if reading.consumer is not None:
        with reading.store.work() as work:
            work.consumers.advance(reading.consumer, seq, clock())
    return seq


def _write_records(reading: Reading, out: BinaryIO) -> Seq:
    """Write the records of one moment; return the last seq of then."""
    with reading.store.read() as work:
        out.writelines(reading.pack(reading.rendering.rows(rows)) for rows in work.records.rows(reading.selection))
        return work.log.last()


def _write_log(reading: Reading, seq: Seq, out: BinaryIO) -> Seq:
    """Write the changes after ``seq``; return the last one's."""
    with reading.store.read() as work:
        while (batch := work.log.select(seq, reading.selection, limit=_BATCH)).through > seq:
            out.write(reading.pack(reading.rendering.changes(batch.changes)))
            seq = batch.through
    return seq


def _ack(reading: Reading, seq: Seq) -> None:
    if reading.consumer is not None and reading.acks:
        with reading.store.work() as work:
            work.consumers.advance(reading.consumer, seq, clock())


@contextmanager
def _ended() -> Iterator[Callable[[float], bool]]:
    """Offer a wait that is over early, and True, when somebody asks us to end: in between batches, never in a line."""
    # Not by blocking them: a library's thread, which does not, would be handed the signal.
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    woken = signal.set_wakeup_fd(writer)
    before = {end: signal.signal(end, lambda *_: None) for end in _ENDS}
    try:
        yield lambda seconds: bool(select.select([reader], [], [], seconds)[0])
    finally:
        for end, handler in before.items():
            signal.signal(end, handler)
        signal.set_wakeup_fd(woken)
        os.close(reader)
        os.close(writer)
