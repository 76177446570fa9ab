"""Content-Encoding, done well, badly and with intent."""

import functools
import gzip
import zlib
from collections.abc import Callable

import brotli
import zstandard

from tests.hostile_server.visit import FEED, Behaviour, Visit

LONG_FEED = FEED.replace(b"</channel>", b"<!-- long -->" * 4000 + b"</channel>")


def _gzip_bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"x" * 1_000_000) for _ in range(300)) + packer.flush()


def _brotli_bomb() -> bytes:
    packer = brotli.Compressor(quality=5)
    return b"".join(packer.process(b"x" * 1_000_000) for _ in range(300)) + bytes(packer.finish())


def _zstd_bomb() -> bytes:
    packer = zstandard.ZstdCompressor().compressobj()
    return b"".join(packer.compress(b"x" * 1_000_000) for _ in range(300)) + packer.flush()


def _wide_zstd() -> bytes:
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=0)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    return packer.compress(FEED) + packer.flush()


_Body = tuple[str, Callable[[], bytes], str]  # Content-Encoding, body, what it is

BODIES: dict[str, _Body] = {
    "gzip": ("gzip", lambda: gzip.compress(LONG_FEED), "a good feed in gzip"),
    "x-gzip": ("x-gzip", lambda: gzip.compress(LONG_FEED), "gzip under its old name"),
    "br": ("br", lambda: bytes(brotli.compress(LONG_FEED)), "a good feed in brotli"),
    "zstd": ("zstd", lambda: zstandard.compress(LONG_FEED), "a good feed in zstd"),
    "identity": ("identity", lambda: LONG_FEED, "Content-Encoding: identity"),
    "gzip-members": (
        "gzip",
        lambda: gzip.compress(LONG_FEED[:100]) + gzip.compress(LONG_FEED[100:]),
        "two gzip members, one feed",
    ),
    "gzip-padded": ("gzip", lambda: gzip.compress(LONG_FEED) + bytes(512), "gzip followed by zeros"),
    "gzip-cut": ("gzip", lambda: gzip.compress(LONG_FEED)[:-20], "gzip cut short, Content-Length matching"),
    "br-cut": ("br", lambda: bytes(brotli.compress(LONG_FEED))[:-5], "brotli cut short"),
    "zstd-cut": ("zstd", lambda: zstandard.compress(LONG_FEED)[:-5], "zstd cut short"),
    "gzip-broken": ("gzip", lambda: b"\x1f\x8b" + b"nonsense" * 10, "gzip by its first bytes only"),
    "gzip-plain": ("gzip", lambda: FEED, "says gzip, is plain"),
    "gzip-many": ("gzip", lambda: gzip.compress(b"") * 2000, "2,000 empty gzip members"),
    "zstd-many": ("zstd", lambda: zstandard.compress(b"") * 2000, "2,000 empty zstd frames"),
    "gzip-bomb": ("gzip", _gzip_bomb, "300 MB in gzip"),
    "br-bomb": ("br", _brotli_bomb, "300 MB in brotli"),
    "zstd-bomb": ("zstd", _zstd_bomb, "300 MB in zstd"),
    "zstd-window": ("zstd", _wide_zstd, "a zstd frame that wants a 128 MB window"),
    "gzip-thrice": ("gzip, gzip, gzip", lambda: gzip.compress(gzip.compress(gzip.compress(FEED))), "stacked codings"),
    "deflate": ("deflate", lambda: zlib.compress(FEED), "a coding that was not offered"),
    "rot13": ("rot13", lambda: FEED, "a coding that nobody knows"),
}


def _coded(coding: str, body: Callable[[], bytes], what: str) -> Behaviour:
    made = functools.cache(body)  # bombs take a moment to build

    async def answer(visit: Visit) -> None:
        visit.answer(headers=[("Content-Encoding", coding)], body=made())

    answer.__doc__ = what
    return answer


CODINGS: dict[str, Behaviour] = {name: _coded(*body) for name, body in BODIES.items()}
