"""Decoders piece by piece (HX-01…10)."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.decoding import Body
from aggregator.fetch.trouble import Trouble

PACK: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}
_LIMIT = 3_000_000

codings = st.sampled_from(sorted(PACK))


def decoded(coding: str, data: bytes, step: int, *, max_decoded: int = _LIMIT) -> bytes:
    """Decode ``data`` in pieces of ``step`` bytes."""
    body = Body([coding], max_size=_LIMIT, max_decoded=max_decoded)
    for start in range(0, len(data), step):
        body.feed(data[start : start + step])
    return body.finish()


@given(coding=codings, parts=st.lists(st.binary(max_size=2000), max_size=4), step=st.integers(1, 700))
def test_it_does_not_matter_how_a_body_arrives(coding: str, parts: list[bytes], step: int) -> None:
    """HX-05, HX-10: gzip members and zstd frames follow each other, brotli has but one."""
    many = [b"".join(parts)] if coding == "br" else parts
    assert decoded(coding, b"".join(PACK[coding](part) for part in many), step) == b"".join(parts)


@given(coding=codings, data=st.binary(min_size=1, max_size=3000), step=st.integers(1, 700), rest=st.integers(0))
def test_a_body_that_is_cut_short_is_never_success(coding: str, data: bytes, step: int, rest: int) -> None:
    """HX-07."""
    packed = PACK[coding](data)
    cut = packed[: rest % len(packed)]
    if coding == "identity" or not cut:
        assert decoded(coding, cut, step) == cut
    else:
        with pytest.raises(Trouble) as trouble:
            decoded(coding, cut, step)
        assert trouble.value.kind == "decode"


@given(
    coding=st.sampled_from(["gzip", "x-gzip", "br", "zstd"]), data=st.binary(max_size=3000), step=st.integers(1, 700)
)
def test_noise_is_refused_or_bounded(coding: str, data: bytes, step: int) -> None:
    """HX-06, HX-11: whatever comes, it ends in bytes or in a ``Trouble``."""
    try:
        size, kind = len(decoded(coding, data, step, max_decoded=5000)), None
    except Trouble as trouble:
        size, kind = 0, trouble.kind
    assert size <= 5000
    assert kind in {None, "decode", "too-large"}


@pytest.mark.parametrize("coding", sorted(PACK))
@pytest.mark.parametrize("step", [1, 1000, 65536])
def test_the_limit_of_decoded_bytes_is_exact(coding: str, step: int) -> None:
    """HX-11."""
    packed = PACK[coding](b"<x>" * 1000)
    assert len(decoded(coding, packed, step, max_decoded=3000)) == 3000
    with pytest.raises(Trouble, match="decodes to more than 2999 bytes") as trouble:
        decoded(coding, packed, step, max_decoded=2999)
    assert trouble.value.kind == "too-large"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_body_may_outgrow_its_transfer_a_hundredfold(coding: str) -> None:
    """HX-01, HX-02, HX-03: and more than that only while it is small."""
    assert len(decoded(coding, PACK[coding](b"x" * 1_000_000), 65536)) == 1_000_000
    with pytest.raises(Trouble, match="decodes to more than 1000000 bytes"):
        decoded(coding, PACK[coding](b"x" * 1_000_001), 65536)


def test_padding_after_gzip_is_ignored_and_another_member_is_not() -> None:
    """HX-10."""
    assert decoded("gzip", gzip.compress(b"<a>") + bytes(100), 7) == b"<a>"
    assert decoded("gzip", gzip.compress(b"<a>") + b"\x1f", 7) == b"<a>"
    with pytest.raises(Trouble, match="cut short"):
        decoded("gzip", gzip.compress(b"<a>") + gzip.compress(b"<b>")[:-1], 7)


@pytest.mark.parametrize("step", [1, 7, 65536])
def test_zeros_between_gzip_members_hide_none_of_them(step: int) -> None:
    """HX-07, HX-10: or part of a body would pass for the whole."""
    packed = gzip.compress(b"<a>") + bytes(11) + gzip.compress(b"<b>") + bytes(3)
    assert decoded("gzip", packed, step) == b"<a><b>"
    with pytest.raises(Trouble, match="cut short"):
        decoded("gzip", packed[:-4], step)


def test_a_wrong_checksum_is_refused() -> None:
    """HX-07."""
    packed = bytearray(gzip.compress(b"<a>" * 100))
    packed[-6] ^= 1
    with pytest.raises(Trouble) as trouble:
        decoded("gzip", bytes(packed), 65536)
    assert trouble.value.kind == "decode"


@pytest.mark.parametrize("named", [["gzip", "gzip"], ["br", "gzip"], ["deflate"], ["compress"], ["*"]])
def test_codings_that_were_not_offered_are_refused(named: list[str]) -> None:
    """HX-04, HX-05."""
    with pytest.raises(Trouble) as trouble:
        Body(named, max_size=1, max_decoded=1)
    assert trouble.value.kind == "decode"


def test_identity_beside_a_coding_is_no_coding() -> None:
    """HX-05."""
    body = Body(["identity", "gzip", ""], max_size=_LIMIT, max_decoded=_LIMIT)
    body.feed(gzip.compress(b"<a>"))
    assert body.finish() == b"<a>"


def test_raw_deflate_is_not_taken_for_gzip() -> None:
    """HX-05."""
    with pytest.raises(Trouble):
        decoded("gzip", zlib.compress(b"<a>"), 65536)
