"""Near copies of texts in PostgreSQL: found when they come, and kept as pairs.

``bands`` and ``signatures`` are for finding and hold what came lately: a week and the one before. What is older is
deleted by those who write, a little each time. ``near_duplicates`` has what was found, both ways round.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from aggregator.model import NearDuplicate, Origin, RecordId
from aggregator.store.neighbours import Neighbours, keys_of, period_of
from aggregator.store.postgres.arrays import bigints, blobs
from aggregator.store.postgres.connection import Sql, unzipped

_MOST_TOLD = 20

_SHOWN = (
    "SELECT record_id, slug, title, likeness, url, name, feed_title FROM ("
    "SELECT n.record_id, r.slug, r.title, n.likeness, f.url, f.name, f.title AS feed_title,"
    " row_number() OVER (PARTITION BY n.record_id ORDER BY n.likeness DESC, n.other_id) AS place"
    " FROM unnest(%s::bigint[]) AS j(value) JOIN near_duplicates n ON n.record_id=j.value"
    " JOIN records r ON r.id=n.other_id AND r.merged_into IS NULL AND r.retracted_at IS NULL"
    " JOIN feeds f ON f.id=r.feed_id) found WHERE place<=%s ORDER BY record_id, place"
)


_BANDS = """
INSERT INTO bands (key, record_id) SELECT * FROM unnest(%s, %s)
"""
_SIGNATURES = """
INSERT INTO signatures (period, record_id, signature) SELECT %s::int, * FROM unnest(%s, %s)
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
        _search(connection, signed, period_of(now))


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
        keys = keys_of(row[1], row[0])
        connection.many("DELETE FROM bands WHERE key=%s AND record_id=%s", [(key, record) for key in keys])
        connection.execute("DELETE FROM signatures WHERE record_id=%s", (record,))


def _search(connection: Sql, signed: Mapping[RecordId, bytes], period: int) -> None:
    """Write the pairs of these texts, and the texts among those that are found."""
    neighbours = Neighbours(signed, period)
    buckets = connection.execute("SELECT key, record_id FROM bands WHERE key=ANY(%s)", (bigints(neighbours.keys),))
    wanted = neighbours.take_buckets(buckets)
    rows, pairs = neighbours.met(_signatures(connection, wanted))
    rows.sort()  # in the order of the index: neighbours share pages
    connection.execute(_BANDS, (bigints(key for key, _ in rows), bigints(record for _, record in rows)))
    connection.execute(_SIGNATURES, (period, bigints(signed), blobs(signed.values())))
    if pairs:
        connection.execute(_PAIRS, unzipped(sorted(set(pairs)), 3))
    keys, periods = neighbours.forgettable(len(rows))
    connection.execute(
        "DELETE FROM bands WHERE ctid=ANY(ARRAY(SELECT ctid FROM bands WHERE key<%s ORDER BY key LIMIT %s))", keys
    )
    connection.execute(
        "DELETE FROM signatures WHERE ctid=ANY(ARRAY(SELECT ctid FROM signatures WHERE period<%s LIMIT %s))", periods
    )


def _signatures(connection: Sql, records: Sequence[RecordId]) -> dict[RecordId, bytes]:
    if not records:
        return {}
    found = connection.execute(
        "SELECT record_id, signature FROM signatures WHERE record_id=ANY(%s)", (bigints(records),)
    )
    return dict(found.fetchall())
