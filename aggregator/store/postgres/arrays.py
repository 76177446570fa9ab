"""Columns of values as PostgreSQL takes them in its binary format, for ``unnest``.

psycopg makes text of a list, letter by letter: for the columns of a record that took six times as long.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from struct import Struct, pack
from typing import ClassVar

from psycopg.abc import AdaptContext
from psycopg.adapt import Dumper
from psycopg.postgres import types
from psycopg.pq import Format

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HEAD = Struct("!iiIii")  # dimensions, whether there are NULLs, type, length, first index
_FLOAT = Struct("!d")
_NULL = b"\xff\xff\xff\xff"


class Array:
    """An array, ready to be sent; each type of elements has a class."""

    __slots__ = ("packed",)
    element: ClassVar[str]

    def __init__(self, length: int, elements: bytes) -> None:
        self.packed = _HEAD.pack(1, 1, types[self.element].oid, length, 1) + elements


class ArrayDumper(Dumper):
    """Sends an ``Array``."""

    format = Format.BINARY

    def __init__(self, cls: type[Array], context: AdaptContext | None = None) -> None:
        super().__init__(cls, context)
        self.oid = types[cls.element].array_oid

    def dump(self, obj: Array) -> bytes:
        """Return what is sent."""
        return obj.packed


class _Bigints(Array):
    element = "int8"


class _Floats(Array):
    element = "float8"


class _Texts(Array):
    element = "text"


class _Jsons(Array):
    element = "json"


class _Blobs(Array):
    element = "bytea"


class _Moments(Array):
    element = "timestamptz"


def bigints(values: Iterable[int]) -> Array:
    """Return ``bigint[]``."""
    return _Bigints(*_numbers(values))


def floats(values: Iterable[float | None]) -> Array:
    """Return ``double precision[]``."""
    return _Floats(*_each([None if value is None else _FLOAT.pack(value) for value in values]))


def texts(values: Iterable[str | None]) -> Array:
    """Return ``text[]``."""
    return _Texts(*_each([None if value is None else value.encode() for value in values]))


def jsons(values: Iterable[str | None]) -> Array:
    """Return ``json[]``."""
    return _Jsons(*_each([None if value is None else value.encode() for value in values]))


def blobs(values: Iterable[bytes]) -> Array:
    """Return ``bytea[]``."""
    return _Blobs(*_each(list(values)))


def moments(values: Iterable[datetime | None]) -> Array:
    """Return ``timestamptz[]``."""
    since = (None if value is None else (value - _EPOCH) // _MICROSECOND for value in values)
    return _Moments(*_each([None if value is None else value.to_bytes(8, signed=True) for value in since]))


def _each(values: Sequence[bytes | None]) -> tuple[int, bytes]:
    """Return how many elements there are, and the bytes of each behind how many those are."""
    parts: list[bytes] = []
    for value in values:
        if value is None:
            parts.append(_NULL)
        else:
            parts += len(value).to_bytes(4), value
    return len(values), b"".join(parts)


def _numbers(values: Iterable[int]) -> tuple[int, bytes]:
    """As ``_each``, of numbers that take eight bytes: the first bytes of all of them, then the second ones."""
    numbers = tuple(values)
    packed = pack(f"!{len(numbers)}q", *numbers)
    whole = bytearray(12 * len(numbers))
    whole[3::12] = b"\x08" * len(numbers)
    for place in range(8):
        whole[4 + place :: 12] = packed[place::8]
    return len(numbers), bytes(whole)
