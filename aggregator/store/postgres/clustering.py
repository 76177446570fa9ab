"""Following the change log for clusters: which titles are looked at, and what they are compared with.

``titles`` and ``title_words`` are for finding and hold what was told in the last days; ``word_counts`` how many titles
of this and the last fortnight had a word. What is older is deleted by those who write, a little each time.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from aggregator.store.headlines import WINDOW, length, tells_of_one, terms, weights
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.values import as_json

_WINDOW = int(WINDOW.total_seconds())
_KEPT = 2 * _WINDOW  # seconds since a record was told: what comes late may still meet what came before it
_PERIOD = int(timedelta(days=14).total_seconds())
_ONE_PERIOD = 2**32  # by which the keys of a word differ from one period to the next
_ALL = 0  # the key of all titles among those of words, none of which has it
_RAREST = 6  # words of a title that others are looked for by: two that have none of them in common are not alike
_MOST_HAVING = 48  # of the newest titles with a word
_MOST_COMPARED = 16  # titles, those with the weightiest words in common: what a hostile feed repeats costs no more
_MOST_MEMBERS = 200  # of a cluster
_MOST_FORGOTTEN = 8  # rows for each row that is written, so that what is too old goes sooner than new ones come

_RECORDS = """
SELECT r.id, r.title, r.feed_id, r.told, r.merged_into IS NULL AND r.retracted_at IS NULL
FROM unnest(%s::bigint[]) AS wanted(value) JOIN records r ON r.id=wanted.value ORDER BY r.id
"""
_COUNTS = "SELECT c.key, c.titles FROM unnest(%s::bigint[]) AS wanted(value) JOIN word_counts c ON c.key=wanted.value"
_COUNT = (
    "INSERT INTO word_counts VALUES (%s, %s) ON CONFLICT (key) DO UPDATE SET titles=word_counts.titles+excluded.titles"
)
_HAVING = "SELECT record_id FROM title_words WHERE word=%s ORDER BY record_id DESC LIMIT %s"
_TITLES = """
SELECT t.record_id, t.length, t.words, m.cluster_id, c.first, c.last,
    (SELECT count(*) FROM clustered WHERE cluster_id=c.id)
FROM titles t
LEFT JOIN clustered m ON m.record_id=t.record_id LEFT JOIN clusters c ON c.id=m.cluster_id
WHERE t.record_id=ANY(%s) AND t.feed_id<>%s AND t.told BETWEEN %s AND %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Title:
    record: int
    feed: int
    told: int
    words: AbstractSet[int]


class Clustering:
    """One batch of changes."""

    def __init__(self, connection: Sql, now: datetime) -> None:
        self._sql = connection
        self._now = int(now.timestamp())
        self._period = self._now // _PERIOD * _ONE_PERIOD
        self._having: dict[int, int] = {}

    def follow(self, limit: int) -> int:
        """See ``Clusters.catch_up``."""
        place = self._sql.execute("SELECT seq FROM cluster_place FOR UPDATE SKIP LOCKED").fetchone()
        if place is None:  # another process does it
            return 0
        changes = self._sql.execute(
            "SELECT seq, record_id FROM changes WHERE seq>%s ORDER BY seq LIMIT %s", (*place, limit)
        ).fetchall()
        if not changes:
            return 0
        titles = list(self._titles({record for _, record in changes if record is not None}))
        self._count(titles)
        for title in titles:
            self._take_in(title)
        self._forget_oldest(len(titles))
        self._sql.execute("UPDATE cluster_place SET seq=%s", (changes[-1][0],))
        return len(changes)

    def _titles(self, records: AbstractSet[int]) -> Iterator[_Title]:
        """Yield what is to be looked at; what is not any more is forgotten."""
        for record, title, feed, told, is_shown in self._sql.execute(_RECORDS, (sorted(records),)).fetchall():
            words = terms(title) if is_shown and told > self._now - _KEPT else frozenset()
            before = self._words(record)
            if words == before:
                continue
            if before:
                forget_title(self._sql, record)
            if words:
                yield _Title(record=record, feed=feed, told=told, words=words)

    def _words(self, record: int) -> AbstractSet[int]:
        row = self._sql.execute("SELECT words FROM titles WHERE record_id=%s", (record,)).fetchone()
        return frozenset(orjson.loads(row[0])) if row else frozenset()

    def _count(self, titles: Sequence[_Title]) -> None:
        """Count the words of these titles, and read how many there were before."""
        added = Counter(word for title in titles for word in title.words)
        added[_ALL] = len(titles)
        keys = sorted(self._period + word for word in added)
        self._sql.many(_COUNT, [(key, added[key - self._period]) for key in keys])
        wanted = [key - _ONE_PERIOD for key in keys] + keys
        for key, number in self._sql.execute(_COUNTS, (wanted,)).fetchall():
            word = key % _ONE_PERIOD
            self._having[word] = self._having.get(word, 0) + number

    def _take_in(self, title: _Title) -> None:
        weighed = weights(title.words, self._having, self._having[_ALL])
        size = length(weighed)
        if self._cluster(title.record) is None:
            self._join(title, weighed, size)
        self._sql.execute(
            "INSERT INTO titles VALUES (%s, %s, %s, %s, %s)",
            (title.record, title.feed, title.told, size, as_json(sorted(title.words))),
        )
        self._sql.many(
            "INSERT INTO title_words VALUES (%s, %s)", [(word, title.record) for word in sorted(title.words)]
        )

    def _join(self, title: _Title, weighed: Mapping[int, float], size: float) -> None:
        """Find the best match whose cluster has room for the record, and put it there."""
        told = title.told
        near = self._sql.execute(
            _TITLES, (self._candidates(weighed), title.feed, told - _WINDOW, told + _WINDOW)
        ).fetchall()
        best: tuple[float, int, int | None] | None = None
        for record, their_size, words, cluster, first, last, members in near:
            if cluster is not None and (told - first > _WINDOW or last - told > _WINDOW or members >= _MOST_MEMBERS):
                continue
            shared = title.words & set(orjson.loads(words))
            cosine = sum(weighed[word] ** 2 for word in shared) / (size * their_size)
            if tells_of_one(cosine, shared) and (best is None or (cosine, -record) > (best[0], -best[1])):
                best = cosine, record, cluster
        if best is not None:
            _, record, cluster = best
            self._put(title, self._new_cluster(record) if cluster is None else cluster)

    def _candidates(self, weighed: Mapping[int, float]) -> list[int]:
        met: dict[int, float] = {}
        for word in sorted(weighed, key=lambda word: (-weighed[word], word))[:_RAREST]:
            for (record,) in self._sql.execute(_HAVING, (word, _MOST_HAVING)):
                met[record] = met.get(record, 0.0) + weighed[word] ** 2
        return sorted(met, key=lambda record: (-met[record], record))[:_MOST_COMPARED]

    def _cluster(self, record: int) -> int | None:
        row = self._sql.execute("SELECT cluster_id FROM clustered WHERE record_id=%s", (record,)).fetchone()
        return None if row is None else int(row[0])

    def _new_cluster(self, record: int) -> int:
        (number,) = self._sql.one(
            "INSERT INTO clusters (name, first, last) SELECT slug, told, told FROM records WHERE id=%s RETURNING id",
            (record,),
        )
        self._sql.execute("INSERT INTO clustered VALUES (%s, %s)", (record, number))
        return int(number)

    def _put(self, title: _Title, cluster: int) -> None:
        self._sql.execute("INSERT INTO clustered VALUES (%s, %s)", (title.record, cluster))
        self._sql.execute(
            "UPDATE clusters SET first=least(first, %(told)s), last=greatest(last, %(told)s) WHERE id=%(id)s",
            {"told": title.told, "id": cluster},
        )

    def _forget_oldest(self, titles: int) -> None:
        old = self._sql.execute(
            "SELECT record_id FROM titles WHERE told<%s ORDER BY told LIMIT %s",
            (self._now - _KEPT, _MOST_FORGOTTEN * titles),
        ).fetchall()
        for (record,) in old:
            forget_title(self._sql, record)
        self._sql.execute(
            "DELETE FROM word_counts WHERE key IN (SELECT key FROM word_counts WHERE key<%s ORDER BY key LIMIT %s)",
            (self._period - _ONE_PERIOD, _MOST_FORGOTTEN * len(self._having)),
        )


def forget_title(connection: Sql, record: int) -> None:
    """Let nobody be compared with a record any more; it stays in its cluster."""
    row = connection.execute("SELECT words FROM titles WHERE record_id=%s", (record,)).fetchone()
    if row is not None:
        connection.execute("DELETE FROM titles WHERE record_id=%s", (record,))
        named = [(word, record) for word in orjson.loads(row[0])]
        connection.many("DELETE FROM title_words WHERE word=%s AND record_id=%s", named)
