"""Near copies of texts in PostgreSQL: found when they come, and kept as pairs.

``bands`` and ``signatures`` are for finding and hold what came lately: a week and the one before. What is older is
deleted by those who write, a little each time. ``near_duplicates`` has what was found, both ways round.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain

from aggregator.model import NearDuplicate, Origin, RecordId
from aggregator.store.postgres.connection import Sql, unzipped
from aggregator.store.resemblance import BANDS, bands, is_near, likeness

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PERIOD = timedelta(days=7)
_ONE_PERIOD = 2**32  # by which the keys of a band differ from one period to the next
_MOST_IN_BUCKET = 32  # texts of one band that are compared with: what a hostile feed repeats costs no more
_MOST_FOUND = 10  # of a text, the likest first
_MOST_TOLD = 20
_MOST_FORGOTTEN = 8  # rows for each row that is written, so that what is too old goes sooner than new ones come

_SHOWN = (
    "SELECT record_id, slug, title, likeness, url, name, feed_title FROM ("
    "SELECT n.record_id, r.slug, r.title, n.likeness, f.url, f.name, f.title AS feed_title,"
    " row_number() OVER (PARTITION BY n.record_id ORDER BY n.likeness DESC, n.other_id) AS place"
    " FROM unnest(%s::bigint[]) AS j(value) JOIN near_duplicates n ON n.record_id=j.value"
    " JOIN records r ON r.id=n.other_id AND r.merged_into IS NULL AND r.retracted_at IS NULL"
    " JOIN feeds f ON f.id=r.feed_id) found WHERE place<=%s ORDER BY record_id, place"
)


_BANDS = """
INSERT INTO bands (key, record_id) SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING
"""
_SIGNATURES = """
INSERT INTO signatures (period, record_id, signature) SELECT %s::int, * FROM unnest(%s::bigint[], %s::bytea[])
ON CONFLICT (record_id) DO UPDATE SET period=excluded.period, signature=excluded.signature
"""
_PAIRS = """
INSERT INTO near_duplicates SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::float8[])
ON CONFLICT (record_id, other_id) DO UPDATE SET likeness=excluded.likeness
"""


class PostgresDuplicates:
    """The ``Duplicates`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def of(self, records: Collection[RecordId]) -> Mapping[RecordId, Sequence[NearDuplicate]]:
        """See ``Duplicates.of``."""
        found: dict[RecordId, list[NearDuplicate]] = {}
        for record, slug, title, share, url, name, feed_title in self._sql.execute(_SHOWN, (list(records), _MOST_TOLD)):
            feed = Origin(url=url, name=name, title=feed_title)
            found.setdefault(record, []).append(NearDuplicate(slug=slug, title=title, likeness=share, feed=feed))
        return found


def look_for_copies(
    connection: Sql,
    new: Iterable[tuple[RecordId, bytes | None]],
    changed: Iterable[tuple[RecordId, bytes | None]],
    now: datetime,
) -> None:
    """Find the near copies of records by their signatures, keep the pairs, and be ready to find these ones.

    Best within a pipeline: of what is written, no answer is waited for.
    """
    again = tuple(changed)
    for record, _ in again:
        _forget(connection, record)
    signed = {record: signature for record, signature in chain(new, again) if signature is not None}
    if signed:
        _Search(connection, signed, (now - _EPOCH) // _PERIOD).run()


def forget_pairs(connection: Sql, records: Iterable[int]) -> None:
    """Delete the pairs that records are part of."""
    named = [(record, record) for record in records]
    connection.many(
        "DELETE FROM near_duplicates WHERE other_id=%s"
        " AND record_id IN (SELECT other_id FROM near_duplicates WHERE record_id=%s)",
        named,
    )
    connection.many("DELETE FROM near_duplicates WHERE record_id=%s", [(record,) for record, _ in named])


def _forget(connection: Sql, record: RecordId) -> None:
    forget_pairs(connection, [record])
    row = connection.execute("SELECT period, signature FROM signatures WHERE record_id=%s", (record,)).fetchone()
    if row is not None:
        keys = _keys(row[1], row[0])
        connection.many("DELETE FROM bands WHERE key=%s AND record_id=%s", [(key, record) for key in keys])
        connection.execute("DELETE FROM signatures WHERE record_id=%s", (record,))


class _Search:
    """The texts of one digest, among one another and among those that came lately."""

    def __init__(self, connection: Sql, signed: Mapping[RecordId, bytes], period: int) -> None:
        self._sql = connection
        self._signed = signed
        self._period = period
        self._keys = {record: _keys(signature, period) for record, signature in signed.items()}
        self._buckets = self._read_buckets()
        self._signatures = self._read_signatures()

    def run(self) -> None:
        """Write the pairs, and these texts among those that are found."""
        rows: list[tuple[int, RecordId]] = []
        pairs: list[tuple[RecordId, RecordId, float]] = []
        for record, signature in self._signed.items():
            for other, share in self._likest(record, signature):
                pairs += [(record, other, share), (other, record, share)]
            self._signatures[record] = signature
            rows += self._taken_in(record)
        # In the order of the index: neighbours share pages.
        self._sql.execute(_BANDS, unzipped(sorted(rows), 2))
        self._sql.execute(_SIGNATURES, [self._period, *unzipped(self._signed.items(), 2)])
        if pairs:
            self._sql.execute(_PAIRS, unzipped(sorted(set(pairs)), 3))
        self._forget_oldest(len(rows))

    def _likest(self, record: RecordId, signature: bytes) -> list[tuple[RecordId, float]]:
        met = {other for key in self._keys[record] for other in self._bucket(key)} - {record}
        found = ((other, self._signatures.get(other)) for other in met)
        shares = ((other, likeness(signature, theirs)) for other, theirs in found if theirs is not None)
        near = [(other, share) for other, share in shares if is_near(share)]
        return sorted(near, key=lambda each: (-each[1], each[0]))[:_MOST_FOUND]

    def _bucket(self, key: int) -> Iterable[RecordId]:
        """Return who has a band, this period or the last."""
        return (*self._buckets.get(key, ()), *self._buckets.get(key - _ONE_PERIOD, ()))

    def _taken_in(self, record: RecordId) -> Iterator[tuple[int, RecordId]]:
        for key in self._keys[record]:
            bucket = self._buckets.setdefault(key, [])
            if len(bucket) < _MOST_IN_BUCKET:
                bucket.append(record)
                yield key, record

    def _read_buckets(self) -> dict[int, list[RecordId]]:
        keys = sorted({key for keys in self._keys.values() for key in keys})
        buckets: dict[int, list[RecordId]] = {}
        for key, record in self._sql.execute(
            "SELECT key, record_id FROM bands WHERE key=ANY(%s)",
            ([key - _ONE_PERIOD for key in keys] + keys,),
        ):
            buckets.setdefault(key, []).append(record)
        return buckets

    def _read_signatures(self) -> dict[RecordId, bytes]:
        met = sorted({record for bucket in self._buckets.values() for record in bucket} - self._signed.keys())
        if not met:
            return {}
        return dict(
            self._sql.execute(
                "SELECT record_id, signature FROM signatures WHERE record_id=ANY(%s)",
                (met,),
            ).fetchall()
        )

    def _forget_oldest(self, written: int) -> None:
        before = self._period - 1
        most = _MOST_FORGOTTEN * written
        self._sql.execute(
            "DELETE FROM bands WHERE ctid=ANY(ARRAY(SELECT ctid FROM bands WHERE key<%s ORDER BY key LIMIT %s))",
            (before * _ONE_PERIOD, most),
        )
        self._sql.execute(
            "DELETE FROM signatures WHERE ctid=ANY(ARRAY(SELECT ctid FROM signatures WHERE period<%s LIMIT %s))",
            (before, most // BANDS),
        )


def _keys(signature: bytes, period: int) -> list[int]:
    start = period * _ONE_PERIOD
    return [start + band for band in bands(signature)]
