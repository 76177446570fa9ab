"""Finding stories by their words."""

from collections.abc import Iterable, Sequence

from aggregator.store.browsing import Label, Place
from aggregator.store.index import Hit, Results
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.words import expression
from aggregator.store.query import Filter, Query
from aggregator.store.sqlite.browsing import GLIMPSE_COLUMNS, SHOWN, read_glimpse, read_label
from aggregator.store.sqlite.feed_cards import SOURCE_COLUMNS

_MOST = 1000  # ranked; of more, the newest
_FACETS = 10  # of a kind
_HALF_LIFE = 14 * 86400.0  # after which freshness counts half
_FRESHNESS = 1.5  # how much more a story of today is worth than one of long ago

# Only the newest are ranked: that reads their words, and of a word that nearly all have there are too many.
_MATCHING = """
SELECT record_id, -ts_rank('{{0.125, 0.125, 0.4, 1.0}}', words, %s::tsquery, 1)::float8 FROM (
    SELECT i.record_id, i.words FROM indexed i WHERE i.words @@ %s::tsquery{conditions}
    ORDER BY i.record_id DESC LIMIT %s
) newest
"""
# From the labels, of which every story that is indexed has some: they lie closer together than records do.
_TOLD = """
SELECT w.value, min(x.told) FROM unnest(%s::bigint[]) AS w(value) JOIN labelled x ON x.record_id=w.value
GROUP BY w.value
"""
_HITS = (
    f"SELECT {GLIMPSE_COLUMNS}, r.body_md FROM unnest(%s::bigint[]) WITH ORDINALITY AS w(value, key)"
    f" JOIN records r ON r.id=w.value JOIN feeds f ON f.id=r.feed_id WHERE {SHOWN} ORDER BY w.key"
)
_COUNTS = (
    f"SELECT kind, label, found, {SOURCE_COLUMNS} FROM"
    " (SELECT l.kind, l.label, count(*) AS found,"
    " row_number() OVER (PARTITION BY l.kind ORDER BY count(*) DESC, l.label) AS place"
    " FROM unnest(%s::bigint[]) AS w(value) JOIN labelled x ON x.record_id=w.value"
    " JOIN labels l ON l.id=x.label_id GROUP BY l.id) counted"
    " LEFT JOIN feeds f ON f.id=CASE WHEN kind='source' THEN CAST(label AS bigint) END"
    f" WHERE place<={_FACETS} ORDER BY found DESC, label"
)

_SOURCES = """
SELECT l.id FROM feeds f JOIN labels l ON l.kind='source' AND l.label=CAST(f.id AS text)
WHERE l.label=%(value)s OR f.name ILIKE %(like)s OR f.title ILIKE %(like)s OR f.origin ILIKE %(like)s LIMIT 200
"""
_LABELS = "SELECT id FROM labels WHERE kind=%s AND"

_Found = tuple[int, int, float]  # record, when it was told, how relevant


class PostgresSearching:
    """The ``Searching`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def find(self, query: Query, *, offset: int, limit: int, now: int) -> Results:
        """See ``Searching.find``."""
        found = [] if query.is_empty else self._found(query)
        ranked = [record for record, _, _ in sorted(found, key=lambda each: _score(each, now))]
        rows = self._sql.execute(_HITS, (ranked[offset : offset + limit],)).fetchall()
        return Results(
            hits=tuple(Hit(glimpse=read_glimpse(row), body_md=body) for *row, body in rows),
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
        words = expression(query)
        return self._labelled(query) if words is None else self._matching(words, query)

    def _matching(self, words: str, query: Query) -> list[_Found]:
        conditions, values = self._conditions("i.record_id", query.filters)
        rows = self._sql.execute(_MATCHING.format(conditions=conditions), [words, words, *values, _MOST]).fetchall()
        relevance: dict[int, float] = dict(rows)
        told = self._sql.execute(_TOLD, (list(relevance),)).fetchall()
        return [(record, when, relevance[record]) for record, when in told]

    def _labelled(self, query: Query) -> list[_Found]:
        """Return the newest stories by their labels alone."""
        first = next((each for each in query.filters if not each.excluded), None)
        if first is None:  # words of which the tokenizer leaves nothing
            return []
        conditions, values = self._conditions("d.record_id", [each for each in query.filters if each is not first])
        return self._sql.execute(
            "SELECT DISTINCT d.record_id, d.told, 0::float8 FROM labelled d"
            f" WHERE d.label_id=ANY(%s){conditions} ORDER BY d.told DESC, d.record_id DESC LIMIT %s",
            [self._label_ids(first), *values, _MOST],
        ).fetchall()

    def _conditions(self, record: str, filters: Iterable[Filter]) -> tuple[str, list[object]]:
        """Return a condition for each filter on the column ``record``, and the values in them."""
        sql, values = "", list[object]()
        for each in filters:
            having = f"{record} IN (SELECT record_id FROM labelled WHERE label_id=ANY(%s))"
            sql += f" AND {'NOT ' if each.excluded else ''}{having}"
            values.append(self._label_ids(each))
        return sql, values

    def _label_ids(self, wanted: Filter) -> list[int]:
        """Return the labels that are meant: the one that is written so, else those in upper or lower case."""
        value = wanted.number or wanted.value
        if wanted.field == "source" and wanted.number is None:
            rows = self._sql.execute(_SOURCES, {"value": value, "like": f"%{_literal(value)}%"}).fetchall()
        else:
            rows = (
                self._sql.execute(f"{_LABELS} label=%s", (wanted.field, value)).fetchall()
                or self._sql.execute(f"{_LABELS} lower(label)=lower(%s) LIMIT 200", (wanted.field, value)).fetchall()
            )
        return [label for (label,) in rows]

    def _facets(self, records: Sequence[int]) -> tuple[Label, ...]:
        return tuple(read_label(row) for row in self._sql.execute(_COUNTS, (list(records),)).fetchall())


def _literal(text: str) -> str:
    """Return text of which LIKE takes every character for itself (SQ-23)."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _score(found: _Found, now: int) -> tuple[float, int]:
    """Return what to sort by: relevance, times a factor of freshness; the lower the better."""
    _, told, relevance = found
    freshness = 1 + _FRESHNESS * 0.5 ** (max(0, now - told) / _HALF_LIFE)
    return relevance * freshness, -told
