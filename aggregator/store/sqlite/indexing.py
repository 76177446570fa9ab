"""Keeping the index of words and labels: in batches that follow the change log and the sightings."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson

from aggregator.store.sqlite.log import unpacked
from aggregator.store.sqlite.values import names
from aggregator.text.words import indexed_words, without_targets

_RULES = 1  # of what is indexed how: with others everything is indexed anew

_FOLLOWED = (
    "SELECT record_id, merged_into FROM (SELECT record_id FROM changes WHERE seq>:after AND seq<=:through)"
    " JOIN records ON id=record_id"
)
_STORIES = """
SELECT r.id, r.told, r.merged_into IS NULL AND r.retracted_at IS NULL, r.revision, i.revision, r.title, r.summary,
    r.body_md, r.lang, r.topics, r.entities
FROM json_each(?) wanted JOIN records r ON r.id=wanted.value LEFT JOIN indexed i ON i.record_id=r.id
"""
_ADD = "INSERT INTO search (rowid, title, summary, body) VALUES (?, ?, ?, ?)"
_REMOVE = "INSERT INTO search (search, rowid, title, summary, body) VALUES ('delete', ?, ?, ?, ?)"

_Labels = set[tuple[str, str]]  # kind and label


class SqliteIndexing:
    """The ``Indexing`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def behind(self) -> int:
        """See ``Indexing.behind``."""
        seq, _, rules = self._place()
        (last,) = self._sql.execute("SELECT coalesce(max(seq), 0) FROM changes").fetchone()
        return int(last) if rules != _RULES else max(0, last - seq)

    def catch_up(self, *, limit: int) -> int:
        """See ``Indexing.catch_up``."""
        seq, sighting, rules = self._place()
        if rules != _RULES:
            self._start_again()
            seq = sighting = 0
        changes = self._after("changes", "seq", seq, limit)
        sightings = self._after("sightings", "id", sighting, limit)
        if not changes and not sightings:
            return 0
        self._follow({*self._changed(seq, changes), *(record for _, record in sightings)})
        self._sql.execute(
            "UPDATE index_place SET seq=?, sighting=?, rules=?",
            (_last(changes, seq), _last(sightings, sighting), _RULES),
        )
        return len(changes) + len(sightings)

    def _place(self) -> tuple[int, int, int]:
        seq, sighting, rules = self._sql.execute("SELECT seq, sighting, rules FROM index_place").fetchone()
        return seq, sighting, rules

    def _start_again(self) -> None:
        self._sql.execute("INSERT INTO search (search) VALUES ('delete-all')")
        for table in ("indexed", "labelled", "labels"):
            self._sql.execute(f"DELETE FROM {table}")  # noqa: S608 - constants only

    def _after(self, table: str, key: str, place: int, limit: int) -> list[tuple[int, int | None]]:
        return self._sql.execute(
            f"SELECT {key}, record_id FROM {table} WHERE {key}>? ORDER BY {key} LIMIT ?",  # noqa: S608 - constants only
            (place, limit),
        ).fetchall()

    def _changed(self, after: int, changes: Sequence[tuple[int, int | None]]) -> Iterator[int]:
        """Yield the records of the changes, and those that they were merged into, which have more sightings now."""
        rows = self._sql.execute(_FOLLOWED, {"after": after, "through": _last(changes, after)}).fetchall()
        return (record for row in rows for record in row if record is not None)

    def _follow(self, records: Collection[int | None]) -> None:
        wanted = orjson.dumps(sorted(record for record in records if record is not None)).decode()
        rows = self._sql.execute(_STORIES, (wanted,)).fetchall()
        book = LabelBook(self._sql)
        for ident, told, is_shown, revision, indexed, title, summary, body, lang, topics, entities in rows:
            if indexed is not None and (indexed != revision or not is_shown):
                forget_words(self._sql, ident)
            if is_shown and indexed != revision:
                self._sql.execute(_ADD, (ident, *_words(title, summary, body)))
                self._sql.execute("INSERT INTO indexed VALUES (?, ?)", (ident, revision))
            book.put(ident, told, self._labels(ident, lang, topics, entities) if is_shown else set())
        book.close()

    def _labels(self, record: int, lang: str | None, topics: str, entities: str) -> _Labels:
        feeds = self._sql.execute("SELECT DISTINCT feed_id FROM sightings WHERE record_id=?", (record,)).fetchall()
        found = {("source", str(feed)) for (feed,) in feeds}
        found |= {("topic", topic) for topic in names(topics)}
        found |= {("entity", entity) for entity in names(entities)}
        if lang:  # "zh-Hans" is "zh" too
            found |= {("lang", lang), ("lang", lang.partition("-")[0])}
        return found


class LabelBook:
    """The labels of records, and how many records each label has."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self._ids: dict[tuple[str, str], int] = {}
        self._counts: dict[int, int] = {}

    def put(self, record: int, told: int, labels: _Labels) -> None:
        """Make these the labels of a record."""
        before = dict(self._sql.execute("SELECT label_id, told FROM labelled WHERE record_id=?", (record,)).fetchall())
        after = {self._id(*label): told for label in labels}
        self._change("DELETE FROM labelled WHERE label_id=? AND told=? AND record_id=?", record, before, after, -1)
        self._change("INSERT INTO labelled VALUES (?, ?, ?)", record, after, before, 1)

    def close(self) -> None:
        """Write the counts."""
        self._sql.executemany(
            "UPDATE labels SET records=records+? WHERE id=?", [(count, label) for label, count in self._counts.items()]
        )

    def _change(self, sql: str, record: int, mine: Mapping[int, int], other: Mapping[int, int], count: int) -> None:
        """Write those of ``mine`` that are not in ``other``."""
        rows = [(label, told, record) for label, told in mine.items() if other.get(label) != told]
        self._sql.executemany(sql, rows)
        for label, _, _ in rows:
            self._counts[label] = self._counts.get(label, 0) + count

    def _id(self, kind: str, label: str) -> int:
        known = self._ids.get((kind, label))
        if known is None:
            self._sql.execute("INSERT INTO labels (kind, label) VALUES (?, ?) ON CONFLICT DO NOTHING", (kind, label))
            row = self._sql.execute("SELECT id FROM labels WHERE kind=? AND label=?", (kind, label)).fetchone()
            known = self._ids[kind, label] = int(row[0])
        return known


def unindex(connection: sqlite3.Connection, records: Iterable[int]) -> None:
    """Take records out of the index, before they are deleted; their slugs are remembered."""
    book = LabelBook(connection)
    for record in records:
        forget_words(connection, record)
        book.put(record, 0, set())
        connection.execute(
            "INSERT INTO pruned_slugs SELECT slug FROM records WHERE id=? ON CONFLICT DO NOTHING", (record,)
        )
    book.close()


def forget_words(connection: sqlite3.Connection, record: int) -> None:
    """Take the words of a record out of the index: those of the revision that was indexed."""
    row = connection.execute(
        "SELECT v.content, r.title, r.summary, r.body_md FROM indexed i JOIN records r ON r.id=i.record_id"
        " JOIN revisions v ON v.record_id=i.record_id AND v.revision=i.revision WHERE i.record_id=?",
        (record,),
    ).fetchone()
    if row is not None:
        content, *words = row
        if content is not None:
            fields = unpacked(content)
            words = [fields["title"], fields["summary"], fields["body_md"]]
        connection.execute(_REMOVE, (record, *_words(*words)))
        connection.execute("DELETE FROM indexed WHERE record_id=?", (record,))


def _words(title: str, summary: str, body: str) -> tuple[str, str, str]:
    return indexed_words(title), indexed_words(summary), indexed_words(without_targets(body))


def _last(rows: Sequence[tuple[int, Any]], before: int) -> int:
    return rows[-1][0] if rows else before
