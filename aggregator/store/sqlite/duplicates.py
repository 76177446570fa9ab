"""Near copies of texts in SQLite: found when they come, and kept as pairs.

``bands`` and ``signatures`` are for finding and hold what came lately: a week and the one before. What is older is
deleted by those who write, a little each time. ``near_duplicates`` has what was found, both ways round.
"""

import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import chain

from aggregator.model import NearDuplicate, Origin, RecordId
from aggregator.store.neighbours import Neighbours, keys_of, period_of
from aggregator.store.sqlite.values import as_json

_MOST_TOLD = 20

_SHOWN = (
    "SELECT record_id, slug, title, likeness, url, name, feed_title FROM ("
    "SELECT n.record_id, r.slug, r.title, n.likeness, f.url, f.name, f.title AS feed_title,"
    " row_number() OVER (PARTITION BY n.record_id ORDER BY n.likeness DESC, n.other_id) AS place"
    " FROM json_each(?) j JOIN near_duplicates n ON n.record_id=j.value"
    " JOIN records r ON r.id=n.other_id AND r.merged_into IS NULL AND r.retracted_at IS NULL"
    " JOIN feeds f ON f.id=r.feed_id) WHERE place<=? ORDER BY record_id, place"
)


class SqliteDuplicates:
    """The ``Duplicates`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def of(self, records: Collection[RecordId]) -> Mapping[RecordId, Sequence[NearDuplicate]]:
        """See ``Duplicates.of``."""
        found: dict[RecordId, list[NearDuplicate]] = {}
        for record, slug, title, share, url, name, feed_title in self._sql.execute(
            _SHOWN, (as_json(list(records)), _MOST_TOLD)
        ):
            feed = Origin(url=url, name=name, title=feed_title)
            found.setdefault(record, []).append(NearDuplicate(slug=slug, title=title, likeness=share, feed=feed))
        return found


def look_for_copies(
    connection: sqlite3.Connection,
    new: Iterable[tuple[RecordId, bytes | None]],
    changed: Iterable[tuple[RecordId, bytes | None]],
    now: datetime,
) -> None:
    """Find the near copies of records by their signatures, keep the pairs, and be ready to find these ones."""
    again = tuple(changed)
    for record, _ in again:
        _forget(connection, record)
    signed = {record: signature for record, signature in chain(new, again) if signature is not None}
    if signed:
        _search(connection, signed, period_of(now))


def forget_pairs(connection: sqlite3.Connection, records: Iterable[int]) -> None:
    """Delete the pairs that records are part of."""
    named = [(record, record) for record in records]
    connection.executemany(
        "DELETE FROM near_duplicates WHERE other_id=?"
        " AND record_id IN (SELECT other_id FROM near_duplicates WHERE record_id=?)",
        named,
    )
    connection.executemany("DELETE FROM near_duplicates WHERE record_id=?", [(record,) for record, _ in named])


def _forget(connection: sqlite3.Connection, record: RecordId) -> None:
    forget_pairs(connection, [record])
    row = connection.execute("SELECT period, signature FROM signatures WHERE record_id=?", (record,)).fetchone()
    if row is not None:
        keys = keys_of(row[1], row[0])
        connection.executemany("DELETE FROM bands WHERE key=? AND record_id=?", [(key, record) for key in keys])
        connection.execute("DELETE FROM signatures WHERE record_id=?", (record,))


def _search(connection: sqlite3.Connection, signed: Mapping[RecordId, bytes], period: int) -> None:
    """Write the pairs of these texts, and the texts among those that are found."""
    neighbours = Neighbours(signed, period)
    buckets = connection.execute(
        "SELECT b.key, b.record_id FROM json_each(?) j JOIN bands b ON b.key=j.value", (as_json(neighbours.keys),)
    )
    wanted = neighbours.take_buckets(buckets)
    signatures = connection.execute(
        "SELECT s.record_id, s.signature FROM json_each(?) j JOIN signatures s ON s.record_id=j.value",
        (as_json(wanted),),
    )
    rows, pairs = neighbours.met(dict(signatures.fetchall()))
    # In the order of the index: neighbours share pages.
    connection.executemany("INSERT OR IGNORE INTO bands (key, record_id) VALUES (?, ?)", sorted(rows))
    connection.executemany(
        "INSERT OR REPLACE INTO signatures (record_id, period, signature) VALUES (?, ?, ?)",
        [(record, period, signature) for record, signature in signed.items()],
    )
    connection.executemany("INSERT OR REPLACE INTO near_duplicates VALUES (?, ?, ?)", pairs)
    keys, periods = neighbours.forgettable(len(rows))
    connection.execute(
        "DELETE FROM bands WHERE key<=(SELECT max(key) FROM (SELECT key FROM bands WHERE key<? ORDER BY key LIMIT ?))",
        keys,
    )
    connection.execute(
        "DELETE FROM signatures WHERE record_id IN (SELECT record_id FROM signatures WHERE period<? LIMIT ?)", periods
    )
