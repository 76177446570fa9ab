"""Finding stories by their words."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence

import orjson

from aggregator.store.browsing import Label, Place
from aggregator.store.index import Hit, Results
from aggregator.store.query import Filter, Query, Term
from aggregator.store.sqlite.browsing import GLIMPSE_COLUMNS, SHOWN, read_glimpse, read_label
from aggregator.store.sqlite.feed_cards import SOURCE_COLUMNS
from aggregator.text.words import phrase_words

_MOST = 1000  # ranked; of more, the newest
_FACETS = 10  # of a kind
_HALF_LIFE = 14 * 86400.0  # after which freshness counts half
_FRESHNESS = 1.5  # how much more a story of today is worth than one of long ago
_RELEVANCE = "bm25(search, 8.0, 3.0, 1.0)"  # the lower the better

_MANY = 50_000  # stories that have the words
_MOST_LISTED = 50_000  # stories that have a label
_IS_LISTED = "+{record} IN (SELECT record_id FROM labelled WHERE label_id IN ({marks}))"
_IS_LABELLED = "EXISTS (SELECT 1 FROM labelled x WHERE x.record_id={record} AND x.label_id IN ({marks}))"
_IS_COMMON = f"SELECT 1 FROM search WHERE search MATCH ? LIMIT 1 OFFSET {_MANY}"  # noqa: S608 - constants only
# From the labels, of which every story that is indexed has some: they lie closer together than records do.
_TOLD = """
SELECT w.value, min(x.told) FROM json_each(?) w JOIN labelled x INDEXED BY labelled_record ON x.record_id=w.value
GROUP BY w.value
"""

_HITS = (
    f"SELECT {GLIMPSE_COLUMNS}, r.body_md FROM json_each(?) w CROSS JOIN records r ON r.id=w.value"  # noqa: S608
    f" JOIN feeds f ON f.id=r.feed_id WHERE {SHOWN} ORDER BY w.key"
)
_COUNTS = (
    f"SELECT kind, label, found, {SOURCE_COLUMNS} FROM"  # noqa: S608 - constants only
    " (SELECT l.kind, l.label, count(*) AS found,"
    " row_number() OVER (PARTITION BY l.kind ORDER BY count(*) DESC, l.label) AS place"
    " FROM json_each(?) w JOIN labelled x INDEXED BY labelled_record ON x.record_id=w.value"
    " JOIN labels l ON l.id=x.label_id GROUP BY l.id)"
    " LEFT JOIN feeds f ON kind='source' AND f.id=CAST(label AS INTEGER)"
    f" WHERE place<={_FACETS} ORDER BY found DESC, label"
)

_SOURCES = """
SELECT l.id FROM feeds f JOIN labels l ON l.kind='source' AND l.label=CAST(f.id AS TEXT)
WHERE l.label=:value OR f.name LIKE :like ESCAPE '\\' OR f.title LIKE :like ESCAPE '\\'
    OR f.origin LIKE :like ESCAPE '\\' LIMIT 200
"""
_LABEL = "SELECT id FROM labels WHERE kind=? AND label=?"

_Found = tuple[int, int, float]  # record, when it was told, how relevant


class SqliteSearching:
    """The ``Searching`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def find(self, query: Query, *, offset: int, limit: int, now: int) -> Results:
        """See ``Searching.find``."""
        found = [] if query.is_empty else self._found(query)
        ranked = [record for record, _, _ in sorted(found, key=lambda each: _score(each, now))]
        wanted = orjson.dumps(ranked[offset : offset + limit]).decode()
        return Results(
            hits=tuple(
                Hit(glimpse=read_glimpse(row), body_md=body)
                for *row, body in self._sql.execute(_HITS, (wanted,)).fetchall()
            ),
            total=len(ranked),
            most=_MOST,
            facets=self._facets(ranked),
        )

    def newest(self, query: Query, *, limit: int) -> Sequence[Place]:
        """See ``Searching.newest``."""
        found = [] if query.is_empty else self._found(query)
        places = sorted(((told, record) for record, told, _ in found), reverse=True)
        return [Place(told=told, number=record) for told, record in places[:limit]]

    def _found(self, query: Query) -> list[_Found]:
        matched = match_expression(query)
        return self._labelled(query) if matched is None else self._matching(matched, query)

    def _matching(self, expression: str, query: Query) -> list[_Found]:
        conditions, values = self._conditions("r.rowid", query.filters)
        # bm25 looks at every story that has a word. Of words that nearly all have, it would take long and tell little.
        is_common = self._sql.execute(_IS_COMMON, (expression,)).fetchone() is not None
        rows = self._sql.execute(
            f"SELECT r.rowid, {'-1.0' if is_common else _RELEVANCE}"  # noqa: S608 - constants and question marks only
            f" FROM search r WHERE search MATCH ?{conditions} ORDER BY r.rowid DESC LIMIT ?",
            [expression, *values, _MOST],
        ).fetchall()
        relevance = dict(rows)
        told = self._sql.execute(_TOLD, (orjson.dumps(list(relevance)).decode(),)).fetchall()
        return [(record, when, relevance[record]) for record, when in told]

    def _labelled(self, query: Query) -> list[_Found]:
        """Return the newest stories by their labels alone."""
        first = next(each for each in query.filters if not each.excluded)
        labels = self._label_ids(first)
        conditions, values = self._conditions("d.record_id", [each for each in query.filters if each is not first])
        return self._sql.execute(
            "SELECT DISTINCT d.record_id, d.told, 0.0 FROM labelled d"  # noqa: S608 - question marks only
            f" WHERE d.label_id IN ({_marks(labels)}){conditions} ORDER BY d.told DESC, d.record_id DESC LIMIT ?",
            [*labels, *values, _MOST],
        ).fetchall()

    def _conditions(self, record: str, filters: Iterable[Filter]) -> tuple[str, list[object]]:
        """Return a condition for each filter on the column ``record``, and the values of their question marks.

        A label that few stories have is a list to look in; of one that many have, each story is asked for it.
        """
        sql, values = "", list[object]()
        for each in filters:
            labels = self._label_ids(each)
            marks = _marks(labels)
            (stories,) = self._sql.execute(
                f"SELECT coalesce(sum(records), 0) FROM labels WHERE id IN ({marks})",  # noqa: S608 - question marks
                labels,
            ).fetchone()
            having = _IS_LISTED if stories <= _MOST_LISTED else _IS_LABELLED
            sql += f" AND {'NOT ' if each.excluded else ''}{having.format(record=record, marks=marks)}"
            values += labels
        return sql, values

    def _label_ids(self, wanted: Filter) -> list[int]:
        """Return the labels that are meant: the one that is written so, else those in upper or lower case."""
        value = wanted.number or wanted.value
        if wanted.field == "source" and wanted.number is None:
            rows = self._sql.execute(_SOURCES, {"value": value, "like": f"%{_literal(value)}%"}).fetchall()
        else:
            rows = (
                self._sql.execute(_LABEL, (wanted.field, value)).fetchall()
                or self._sql.execute(f"{_LABEL} COLLATE NOCASE LIMIT 200", (wanted.field, value)).fetchall()
            )
        return [label for (label,) in rows]

    def _facets(self, records: Sequence[int]) -> tuple[Label, ...]:
        rows = self._sql.execute(_COUNTS, (orjson.dumps(records).decode(),)).fetchall()
        return tuple(read_label(row) for row in rows)


def match_expression(query: Query) -> str | None:
    """Return the query in FTS5's language, every word of it quoted (SQ-21); None where it is about labels alone."""
    wanted = list(_phrases(term for term in query.terms if not term.excluded))
    unwanted = list(_phrases(term for term in query.terms if term.excluded))
    if not wanted:
        return None
    positive = " AND ".join(wanted)
    return f"({positive}) NOT ({' OR '.join(unwanted)})" if unwanted else positive


def _phrases(terms: Iterable[Term]) -> Iterator[str]:
    for term in terms:
        words, is_beginning = phrase_words(term.text)
        column = "title : " if term.in_title else ""
        quoted = words.replace('"', " ")
        yield f'{column}"{quoted}"{" *" if term.prefix or is_beginning else ""}'


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def _literal(text: str) -> str:
    """Return text of which LIKE takes every character for itself (SQ-23)."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _score(found: _Found, now: int) -> tuple[float, int]:
    """Return what to sort by: relevance, times a factor of freshness; the lower the better."""
    _, told, relevance = found
    freshness = 1 + _FRESHNESS * 0.5 ** (max(0, now - told) / _HALF_LIFE)
    return relevance * freshness, -told
