"""Which texts are near copies of one another, among those of one digest and those that came lately. Pure.

A text is looked for under keys: its bands, in the period of seven days in which it came. What any store keeps of that
is who has a key, and everybody's signature.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from aggregator.model import RecordId
from aggregator.store.resemblance import BANDS, bands, is_near, likeness

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PERIOD = timedelta(days=7)
_ONE_PERIOD = 2**32  # by which the keys of a band differ from one period to the next
_MOST_IN_BUCKET = 32  # texts of one band that are compared with: what a hostile feed repeats costs no more
_MOST_FOUND = 10  # of a text, the likest first
_MOST_FORGOTTEN = 8  # rows for each row that is written, so that what is too old goes sooner than new ones come

Rows = list[tuple[int, RecordId]]  # key and who has it
Pairs = list[tuple[RecordId, RecordId, float]]  # both ways round, and how alike


def period_of(now: datetime) -> int:
    """Return the period that a moment is in."""
    return (now - _EPOCH) // _PERIOD


def keys_of(signature: bytes, period: int) -> list[int]:
    """Return the keys that a text of that period is looked for under."""
    return [period * _ONE_PERIOD + band for band in bands(signature)]


class Neighbours:
    """The texts of one digest, by their signatures."""

    def __init__(self, signed: Mapping[RecordId, bytes], period: int) -> None:
        self._signed = signed
        self._period = period
        self._keys = {record: keys_of(signature, period) for record, signature in signed.items()}
        self._buckets: dict[int, list[RecordId]] = {}

    @property
    def keys(self) -> list[int]:
        """Under which others are looked for: of this period and of the last."""
        keys = sorted({key for keys in self._keys.values() for key in keys})
        return [key - _ONE_PERIOD for key in keys] + keys

    def take_buckets(self, rows: Iterable[tuple[int, RecordId]]) -> list[RecordId]:
        """Take who has those keys; return those of them whose signatures are needed."""
        for key, record in rows:
            self._buckets.setdefault(key, []).append(record)
        return sorted({record for bucket in self._buckets.values() for record in bucket} - self._signed.keys())

    def met(self, signatures: Mapping[RecordId, bytes]) -> tuple[Rows, Pairs]:
        """Return the keys under which these texts are found from now on, and what they are near copies of."""
        known = dict(signatures)
        rows: Rows = []
        pairs: Pairs = []
        for record, signature in self._signed.items():
            for other, share in self._likest(record, signature, known):
                pairs += [(record, other, share), (other, record, share)]
            known[record] = signature
            rows += self._taken_in(record)
        return rows, pairs

    def forgettable(self, rows: int) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return what is too old once so many rows were written: of keys and of signatures, before which and how many.

        Keys are those below the first number; signatures those of periods before theirs.
        """
        before, most = self._period - 1, _MOST_FORGOTTEN * rows
        return (before * _ONE_PERIOD, most), (before, most // BANDS)

    def _likest(
        self, record: RecordId, signature: bytes, known: Mapping[RecordId, bytes]
    ) -> list[tuple[RecordId, float]]:
        met = self._met(record)
        if not met:
            return []
        found = ((other, known.get(other)) for other in met)
        shares = ((other, likeness(signature, theirs)) for other, theirs in found if theirs is not None)
        near = [(other, share) for other, share in shares if is_near(share)]
        return sorted(near, key=lambda each: (-each[1], each[0]))[:_MOST_FOUND]

    def _met(self, record: RecordId) -> set[RecordId]:
        """Return who has a band in common with a text, this period or the last."""
        met: set[RecordId] = set()
        for key in self._keys[record]:
            met.update(self._buckets.get(key, ()), self._buckets.get(key - _ONE_PERIOD, ()))
        return met - {record}

    def _taken_in(self, record: RecordId) -> Iterator[tuple[int, RecordId]]:
        for key in self._keys[record]:
            bucket = self._buckets.get(key)
            if bucket is None:  # nearly always
                self._buckets[key] = [record]
                yield key, record
            elif len(bucket) < _MOST_IN_BUCKET:
                bucket.append(record)
                yield key, record
