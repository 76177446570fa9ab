"""Content-Encoding undone in bounded steps: no input makes more output than its limit (HX-01…10)."""

import zlib
from collections.abc import Callable, Sequence
from typing import Protocol

import brotli
import zstandard

from aggregator.fetch.trouble import Trouble

ACCEPT_ENCODING = "gzip, br, zstd"  # what can be decoded within a limit, and no more (HT-08)

_RATIO = 100  # how often a body may outgrow its transfer …
_RATIO_FROM = 1_000_000  # … once it is larger than this many bytes
_ZSTD_WINDOW = 8 * 1024 * 1024  # bytes; RFC 8878 section 3.1.1.1.2 asks decoders for this much (HX-03)
_MOST_MEMBERS = 1000  # gzip members or zstd frames: an empty one costs more processor time than its bytes
_ZSTD_STEP = 256  # bytes of input: a block of four bytes may give 128 KB, and the library has no output limit


class Decoder(Protocol):
    """One coding, fed piece by piece."""

    def decode(self, data: bytes, room: int) -> bytes:
        """Return what ``data`` gives. More than ``room`` bytes mean that it was cut off there: stop."""

    def is_complete(self) -> bool:
        """Whether the coded stream has come to its own end (HX-07)."""


class Body:
    """A body that is being received: decoded, counted, and stopped at the first limit."""

    def __init__(self, codings: Sequence[str], *, max_size: int, max_decoded: int) -> None:
        self.wire_bytes = 0
        self._decoder = _decoder(codings)
        self._max_size = max_size
        self._max_decoded = max_decoded
        self._decoded = bytearray()

    @property
    def held_bytes(self) -> int:
        """How much of the document is in memory."""
        return len(self._decoded)

    def feed(self, piece: bytes) -> None:
        """Take what arrived. Raises ``Trouble``: "too-large" or "decode"."""
        self.wire_bytes += len(piece)
        if self.wire_bytes > self._max_size:
            raise Trouble("too-large", f"body is larger than {self._max_size} bytes")
        limit = min(self._max_decoded, max(_RATIO_FROM, _RATIO * self.wire_bytes))
        try:
            self._decoded += self._decoder.decode(piece, limit - len(self._decoded))
        except (zlib.error, brotli.error, zstandard.ZstdError) as error:
            raise Trouble("decode", "body does not decode as its Content-Encoding says") from error
        if len(self._decoded) > limit:
            raise Trouble("too-large", f"body decodes to more than {limit} bytes")

    def finish(self) -> bytes:
        """Return the whole body, decoded. Raises ``Trouble`` where it was cut short."""
        if self.wire_bytes and not self._decoder.is_complete():
            raise Trouble("decode", "compressed body is cut short")
        return bytes(self._decoded)


def _decoder(codings: Sequence[str]) -> Decoder:
    named = [coding for coding in codings if coding not in {"", "identity"}]
    if len(named) > 1:
        raise Trouble("decode", "more than one Content-Encoding")
    coding = named[0] if named else "identity"
    if coding not in _DECODERS:
        raise Trouble("decode", "Content-Encoding that was not offered")
    return _DECODERS[coding]()


class _Identity:
    def decode(self, data: bytes, room: int) -> bytes:
        return data[: room + 1]

    def is_complete(self) -> bool:
        return True


class _Gzip:
    """Any number of members; what follows the last one and is none is padding, and ignored (HX-10)."""

    def __init__(self) -> None:
        self._members = 0
        self._member = self._next_member()
        self._between = b""  # input after a member, too short to say whether another begins
        self._padding = False

    def decode(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        data = self._between + data
        self._between = b""
        while data and not self._padding and len(out) <= room:
            if self._member.eof:
                data = data.lstrip(b"\0")  # blocks of tapes and disks are filled up so, and another member may follow
                if len(data) < len(_GZIP_MAGIC):
                    self._between = data
                    break
                self._padding = not data.startswith(_GZIP_MAGIC)
                self._member = self._member if self._padding else self._next_member()
                continue
            out += self._member.decompress(data, room + 1 - len(out))
            data = self._member.unused_data if self._member.eof else self._member.unconsumed_tail
        return bytes(out)

    def is_complete(self) -> bool:
        return self._member.eof

    def _next_member(self) -> "zlib._Decompress":
        self._members = _counted(self._members)
        return zlib.decompressobj(16 + zlib.MAX_WBITS)


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decode(self, data: bytes, room: int) -> bytes:
        # the limit is where the buffer stops growing, not where the output ends: at most doubled
        out = bytearray(self._stream.process(data, output_buffer_limit=room + 1))
        while not self._stream.can_accept_more_data() and len(out) <= room:
            out += self._stream.process(b"", output_buffer_limit=room + 1 - len(out))
        return bytes(out)

    def is_complete(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    """Any number of frames."""

    def __init__(self) -> None:
        self._library = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frames = 0
        self._frame = self._next_frame()

    def decode(self, data: bytes, room: int) -> bytes:
        out = bytearray()
        for start in range(0, len(data), _ZSTD_STEP):
            step = data[start : start + _ZSTD_STEP]
            while step and len(out) <= room:
                if self._frame.eof:
                    self._frame = self._next_frame()
                out += self._frame.decompress(step)
                step = self._frame.unused_data
        return bytes(out)

    def is_complete(self) -> bool:
        return self._frame.eof

    def _next_frame(self) -> "zstandard.ZstdDecompressionObj":
        self._frames = _counted(self._frames)
        return self._library.decompressobj()


class _PerhapsGzip:
    """Says gzip, is plain: forgiven where the first byte shows it (HX-06)."""

    def __init__(self) -> None:
        self._decoder: Decoder | None = None

    def decode(self, data: bytes, room: int) -> bytes:
        if self._decoder is None:
            self._decoder = _Identity() if data[:1] in _FEED_BEGINS else _Gzip()
        return self._decoder.decode(data, room)

    def is_complete(self) -> bool:
        return self._decoder is not None and self._decoder.is_complete()


def _counted(members: int) -> int:
    if members >= _MOST_MEMBERS:
        raise Trouble("decode", "compressed body is in too many parts")
    return members + 1


_GZIP_MAGIC = b"\x1f\x8b"
_FEED_BEGINS = frozenset({b"<", b"{", b"\xef", b"\xff", b"\xfe", b" ", b"\t", b"\r", b"\n"})  # markup, BOM or space
_DECODERS: dict[str, Callable[[], Decoder]] = {
    "identity": _Identity,
    "gzip": _PerhapsGzip,
    "x-gzip": _PerhapsGzip,
    "br": _Brotli,
    "zstd": _Zstd,
}
