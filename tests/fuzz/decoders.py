"""Undoing Content-Encoding."""

import gzip
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import brotli
import zstandard
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aggregator.fetch.decoding import Body
from aggregator.fetch.trouble import Trouble
from tests.fuzz.mutation import mutated
from tests.fuzz.trial import Target
from tests.hostile_server import FEED

_PACK: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": lambda data: zlib.compress(data, 1, 31),
    "br": lambda data: bytes(brotli.compress(data, quality=3)),
    "zstd": zstandard.compress,
}
_PAYLOADS = (b"", b"<", FEED, FEED * 50, bytes(100_000), b"<a>" * 500_000, bytes(range(256)) * 30)
_SEEDS = {coding: [pack(data) for data in _PAYLOADS if len(data) < 2_000_000] for coding, pack in _PACK.items()}
_BOMBS = {coding: [pack(bytes(5_000_000))] for coding, pack in _PACK.items() if coding != "identity"}
_TOKENS = st.binary(max_size=4) | st.sampled_from(
    [b"\x1f\x8b\x08\x00", b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18\xff\xff\xff\x7f", bytes(8), b"\xff" * 8, b"<?xml"]
)
_SLACK = 16 * 2**20  # bytes: what one piece of input may make beyond the limit before it is counted


@dataclass(frozen=True, slots=True)
class Case:
    """A body, how it arrives, and the limits it meets."""

    coding: str
    data: bytes
    step: int
    max_decoded: int


@st.composite
def _cases(draw: DrawFn) -> Case:
    coding = draw(st.sampled_from(sorted(_PACK)))
    seeds = _SEEDS[coding] + _BOMBS.get(coding, [])
    whole = draw(st.integers(0, 9))
    data = _PACK[coding](draw(st.binary(max_size=2000))) if whole == 0 else draw(mutated(seeds, _TOKENS))
    if draw(st.booleans()):
        data += draw(mutated(seeds, _TOKENS))
    return Case(coding, data, draw(st.integers(1, 5000)), draw(st.sampled_from([0, 1, 5000, 3_000_000])))


def check(case: Case) -> None:
    """HX-01…11: bytes within the limit or a ``Trouble``, however it arrives; what others decode is the same."""
    outcome = _outcome(case, case.step)
    whole = _outcome(case, len(case.data) or 1)
    if "too-large" not in (outcome, whole):  # a limit grows with what has arrived
        assert outcome == whole, (outcome, whole)
    reference = _reference(case)
    if isinstance(whole, bytes) and reference is not None:
        assert whole == reference


def _outcome(case: Case, step: int) -> bytes | str:
    body = Body([case.coding], max_size=1_000_000, max_decoded=case.max_decoded)
    try:
        for start in range(0, len(case.data), step):
            body.feed(case.data[start : start + step])
            assert body.held_bytes <= case.max_decoded
        done = body.finish()
    except Trouble as trouble:
        kind = trouble.kind
    else:
        assert len(done) <= case.max_decoded
        return done
    assert kind in {"decode", "too-large"}
    assert body.held_bytes <= case.max_decoded + _SLACK
    return kind


def _reference(case: Case) -> bytes | None:
    """Return what a decoder without limits makes of it, None where that has its own idea of what may follow."""
    decode = _REFERENCES.get(case.coding)
    try:
        return decode(case.data) if decode else None
    except (OSError, EOFError, zlib.error, brotli.error):
        return None


_REFERENCES: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "x-gzip": gzip.decompress,
    "br": lambda data: bytes(brotli.decompress(data)),
}
DECODERS = Target(name="decoders", cases=_cases(), check=check, seconds=5.0)
