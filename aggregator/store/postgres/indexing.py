"""Keeping the index of words and labels: in batches that follow the change log and the sightings."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.words import vector
from aggregator.store.sqlite.values import names

_RULES = 1  # of what is indexed how: with others everything is indexed anew

_PLACE = "SELECT seq, sighting, rules FROM index_place"
_FOLLOWED = (
    "SELECT c.record_id, r.merged_into FROM changes c JOIN records r ON r.id=c.record_id"
    " WHERE c.seq>%(after)s AND c.seq<=%(through)s"
)
_STORIES = """
SELECT r.id, r.told, r.merged_into IS NULL AND r.retracted_at IS NULL, r.revision, i.revision, r.title, r.summary,
    r.body_md, r.lang, r.topics, r.entities
FROM records r LEFT JOIN indexed i ON i.record_id=r.id WHERE r.id=ANY(%s)
"""
_ADD = """
INSERT INTO indexed VALUES (%s, %s, %s)
ON CONFLICT (record_id) DO UPDATE SET revision=excluded.revision, words=excluded.words
"""

_Labels = set[tuple[str, str]]  # kind and label


class PostgresIndexing:
    """The ``Indexing`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def behind(self) -> int:
        """See ``Indexing.behind``."""
        seq, _, rules = self._sql.one(_PLACE)
        (last,) = self._sql.one("SELECT coalesce(max(seq), 0) FROM changes")
        return int(last) if rules != _RULES else max(0, last - seq)

    def catch_up(self, *, limit: int) -> int:
        """See ``Indexing.catch_up``."""
        place = self._sql.execute(f"{_PLACE} FOR UPDATE SKIP LOCKED").fetchone()
        if place is None:  # another process does it
            return 0
        seq, sighting, rules = place
        if rules != _RULES:
            self._start_again()
            seq = sighting = 0
        changes = self._after("changes", "seq", seq, limit)
        sightings = self._after("sightings", "id", sighting, limit)
        if not changes and not sightings:
            return 0
        self._follow({*self._changed(seq, changes), *(record for _, record in sightings)})
        self._sql.execute(
            "UPDATE index_place SET seq=%s, sighting=%s, rules=%s",
            (_last(changes, seq), _last(sightings, sighting), _RULES),
        )
        return len(changes) + len(sightings)

    def _start_again(self) -> None:
        for table in ("indexed", "labelled", "labels"):
            self._sql.execute(f"DELETE FROM {table}")

    def _after(self, table: str, key: str, place: int, limit: int) -> list[tuple[int, int | None]]:
        return self._sql.execute(
            f"SELECT {key}, record_id FROM {table} WHERE {key}>%s ORDER BY {key} LIMIT %s",
            (place, limit),
        ).fetchall()

    def _changed(self, after: int, changes: Sequence[tuple[int, int | None]]) -> Iterator[int]:
        """Yield the records of the changes, and those that they were merged into, which have more sightings now."""
        rows = self._sql.execute(_FOLLOWED, {"after": after, "through": _last(changes, after)}).fetchall()
        return (record for row in rows for record in row if record is not None)

    def _follow(self, records: Collection[int | None]) -> None:
        wanted = sorted(record for record in records if record is not None)
        rows = self._sql.execute(_STORIES, (wanted,)).fetchall()
        book = LabelBook(self._sql)
        for ident, told, is_shown, revision, indexed, title, summary, body, lang, topics, entities in rows:
            if is_shown and indexed != revision:
                self._sql.execute(_ADD, (ident, revision, vector(title, summary, body)))
            if indexed is not None and not is_shown:
                self._sql.execute("DELETE FROM indexed WHERE record_id=%s", (ident,))
            book.put(ident, told, self._labels(ident, lang, topics, entities) if is_shown else set())
        book.close()

    def _labels(self, record: int, lang: str | None, topics: str, entities: str) -> _Labels:
        feeds = self._sql.execute("SELECT DISTINCT feed_id FROM sightings WHERE record_id=%s", (record,)).fetchall()
        found = {("source", str(feed)) for (feed,) in feeds}
        found |= {("topic", topic) for topic in names(topics)}
        found |= {("entity", entity) for entity in names(entities)}
        if lang:  # "zh-Hans" is "zh" too
            found |= {("lang", lang), ("lang", lang.partition("-")[0])}
        return found


class LabelBook:
    """The labels of records, and how many records each label has."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection
        self._ids: dict[tuple[str, str], int] = {}
        self._counts: dict[int, int] = {}

    def put(self, record: int, told: int, labels: _Labels) -> None:
        """Make these the labels of a record."""
        before: dict[int, int] = dict(
            self._sql.execute("SELECT label_id, told FROM labelled WHERE record_id=%s", (record,)).fetchall()
        )
        after = {self._id(*label): told for label in labels}
        self._change("DELETE FROM labelled WHERE label_id=%s AND told=%s AND record_id=%s", record, before, after, -1)
        self._change("INSERT INTO labelled VALUES (%s, %s, %s)", record, after, before, 1)

    def close(self) -> None:
        """Write the counts."""
        self._sql.many(
            "UPDATE labels SET records=records+%s WHERE id=%s",
            [(count, label) for label, count in sorted(self._counts.items())],
        )

    def _change(self, sql: str, record: int, mine: Mapping[int, int], other: Mapping[int, int], count: int) -> None:
        """Write those of ``mine`` that are not in ``other``."""
        rows = [(label, told, record) for label, told in mine.items() if other.get(label) != told]
        self._sql.many(sql, rows)
        for label, _, _ in rows:
            self._counts[label] = self._counts.get(label, 0) + count

    def _id(self, kind: str, label: str) -> int:
        known = self._ids.get((kind, label))
        if known is None:
            self._sql.execute("INSERT INTO labels (kind, label) VALUES (%s, %s) ON CONFLICT DO NOTHING", (kind, label))
            (known,) = self._sql.one("SELECT id FROM labels WHERE kind=%s AND label=%s", (kind, label))
            self._ids[kind, label] = known
        return known


def unindex(connection: Sql, records: Iterable[int]) -> None:
    """Take records out of the index, before they are deleted; their slugs are remembered."""
    book = LabelBook(connection)
    for record in records:
        connection.execute("DELETE FROM indexed WHERE record_id=%s", (record,))
        book.put(record, 0, set())
        connection.execute(
            "INSERT INTO pruned_slugs SELECT slug FROM records WHERE id=%s ON CONFLICT DO NOTHING", (record,)
        )
    book.close()


def _last(rows: Sequence[tuple[int, Any]], before: int) -> int:
    return rows[-1][0] if rows else before
