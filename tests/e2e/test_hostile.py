"""A daemon whose feeds are all hostile: it says why, loses little, and does not grow."""

import statistics
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.hostile import Sample, baked, paths, watched
from tests.hostile_server import serving

SECRET = b"never to be told"
WARM_UP = 2  # rounds until everything is loaded
HEAVY = frozenset({"open-tags", "many-stories"})  # take a worker seconds
# What `aggregator status` says of a document that means harm; "ok" of one that is read without what it wanted.
ENDS = {
    "laughs": "ok",
    "quadratic": "ok",
    "xxe": "ok",
    "prolog": "without a root element",
    "prolog-long": "ok",
    "prolog-open": "without a root element",
    "deep": "ok",
    "deep-html": "ok",
    "deep-json": "not well-formed JSON",
    "wide-json": "ok",
    "open-tags": "took longer than 10 seconds",
    "many-attributes": "more than 1,000 attributes",
    "many-entries": "more than 100,000 entries",
    "many-stories": "ok",
    "many-names": "ok",
    "long-title": "ok",
    "ampersands": "ok",
    "packed-bomb": "gzip file",
    "gzip-bomb": "decodes to more than",
    "br-bomb": "decodes to more than",
    "zstd-bomb": "decodes to more than",
    "zstd-window": "does not decode",
}


async def endure(folder: Path, *, rounds: int, without: frozenset[str] = frozenset(), patience: str) -> list[Sample]:
    """Poll every behaviour so many times, each in its round; return what each round left."""
    secret = folder / "secret"
    secret.write_bytes(SECRET)
    async with serving() as server:
        await baked(server)
        shown = [path for name, each in paths(server, secret).items() if name not in without for path in each]
        # What asks for patience gets it, longer each time, for all of its host.
        slowing = [server.url("/status/429?Retry-After=1", host="127.0.0.2")]
        with watched(folder, [*map(server.url, shown)], beside=slowing, timeout=patience) as daemon:
            samples = []
            for number in range(rounds):
                samples.append(await daemon.round(first=number == 0))
                print(number + 1, samples[-1])  # noqa: T201 - the table of the soak
            reasons = daemon.reasons()
        canaries = [head for head in server.heads if b"canary" in head.split(b"\r\n")[0] and b"/xxe" not in head]
    assert canaries == []
    for name, words in ENDS.items():
        if name not in without:
            assert f" {words}" in f" {reasons[f'/{name}']}"
    assert SECRET not in told(folder)
    return samples


def told(folder: Path) -> bytes:
    """Return all that the daemon wrote."""
    return b"".join(path.read_bytes() for path in folder.iterdir() if path.name.startswith(("store", "daemon")))


def check_workers(samples: Sequence[Sample]) -> None:
    """A poll costs one worker at most, and none is lost that the log does not tell of."""
    for before, after in pairwise(samples):
        assert set(after.lost.values()) <= {1}, after.lost
        assert len(before.workers - after.workers) <= after.lost.total()
        assert len(after.workers) <= len(samples[0].workers)


async def test_hostile_feeds_end_within_their_limits_and_say_why(tmp_path: Path) -> None:
    """XM-01…11, XM-14…18, HX-01…22, SS-15: every behaviour, three times, but for those that take seconds each."""
    check_workers(await endure(tmp_path, rounds=3, without=HEAVY, patience="1s"))


@pytest.mark.soak
async def test_memory_stays_flat_over_twenty_rounds_of_hostile_feeds(tmp_path: Path) -> None:
    """XM-14, XM-15: the daemon's within a tenth, and no more with its workers later than before."""
    samples = await endure(tmp_path, rounds=WARM_UP + 20, patience="2s")
    check_workers(samples)
    assert all(sample.lost["/open-tags"] for sample in samples)
    samples = samples[WARM_UP:]
    usual = statistics.median(sample.daemon for sample in samples)
    assert all(0.9 * usual <= sample.daemon <= 1.1 * usual for sample in samples)
    # A worker that has just taken another's place holds less: only many rounds tell.
    first, last = ([sample.tree for sample in half] for half in (samples[:10], samples[10:]))
    assert statistics.median(last) <= 1.1 * statistics.median(first)
