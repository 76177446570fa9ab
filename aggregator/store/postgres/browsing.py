"""Lists of stories, stories and labels in PostgreSQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from aggregator.model import FeedConfig, FeedId, Record
from aggregator.store.browsing import (
    Elsewhere,
    FeedCard,
    FeedCounts,
    Glimpse,
    Label,
    LabelKind,
    Mark,
    Place,
    Seen,
    Shelf,
    Source,
    Story,
    Withdrawn,
)
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.feed_cards import FeedCards
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.relatives import MARK, relatives_of
from aggregator.store.sqlite.browsing import GLIMPSE_COLUMNS, SHOWN, read_glimpse, read_label
from aggregator.store.sqlite.feed_cards import SOURCE_COLUMNS, read_source
from aggregator.store.sqlite.log import RECORD_COLUMNS

_ALL = (
    f"SELECT {GLIMPSE_COLUMNS}"
    " FROM records r JOIN feeds f"
    f" ON f.id=r.feed_id WHERE {SHOWN} AND (r.told, r.id)<(%(told)s, %(number)s)"
    " ORDER BY r.told DESC, r.id DESC LIMIT %(limit)s"
)
_LABELLED = (
    f"SELECT {GLIMPSE_COLUMNS} FROM labelled l JOIN records r ON r.id=l.record_id"
    " JOIN feeds f ON f.id=r.feed_id"
    " WHERE l.label_id=(SELECT id FROM labels WHERE kind=%(kind)s AND label=%(label)s)"
    f" AND (l.told, l.record_id)<(%(told)s, %(number)s) AND {SHOWN}"
    " ORDER BY l.told DESC, l.record_id DESC LIMIT %(limit)s"
)
_RECORDS = (
    f"SELECT {RECORD_COLUMNS} FROM unnest(%s::bigint[]) WITH ORDINALITY AS w(value, key) JOIN records r ON r.id=w.value"
    f" WHERE {SHOWN} ORDER BY w.key"
)
_MARK = (
    "SELECT r.slug, r.revision, r.seq, r.retracted_at, i.slug,"
    " (SELECT count(*) FROM sightings s WHERE s.record_id=r.id), m.numbers, greatest(r.updated_at, m.latest,"
    " (SELECT max(first_seen) FROM sightings s WHERE s.record_id=r.id))"
    f" FROM records r LEFT JOIN records i ON i.id=r.merged_into CROSS JOIN LATERAL ({MARK}) m WHERE r.slug=%s"
)
_SEEN = (
    "SELECT (array_agg(s.link ORDER BY s.first_seen, s.id))[1], min(s.first_seen), max(s.last_seen),"
    f" {SOURCE_COLUMNS}"
    " FROM sightings s JOIN feeds f ON f.id=s.feed_id WHERE s.record_id=%s GROUP BY f.id ORDER BY 2, min(s.id)"
)
_LABELS = (
    f"SELECT l.kind, l.label, l.records, {SOURCE_COLUMNS} FROM labels l"
    " LEFT JOIN feeds f ON f.id=CASE WHEN l.kind='source' THEN CAST(l.label AS bigint) END"
    " WHERE l.kind=%s AND l.records>0 ORDER BY l.records DESC LIMIT %s"
)
_LAST = Place(told=2**62, number=0)


class PostgresBrowsing:
    """The ``Browsing`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection
        self._cards = FeedCards(connection)

    def latest(self, shelf: Shelf, *, before: Place | None, limit: int) -> Sequence[Glimpse]:
        """See ``Browsing.latest``."""
        place = before or _LAST
        values = {"told": place.told, "number": place.number, "limit": limit}
        if shelf.kind == "all":
            rows = self._sql.execute(_ALL, values).fetchall()
        else:
            rows = self._sql.execute(_LABELLED, {**values, "kind": shelf.kind, "label": shelf.label}).fetchall()
        return [read_glimpse(row) for row in rows]

    def mark(self, slug: str) -> Mark | Elsewhere | Withdrawn | None:
        """See ``Browsing.mark``."""
        row = self._sql.execute(_MARK, (slug,)).fetchone()
        if row is None:
            pruned = self._sql.execute("SELECT 1 FROM pruned_slugs WHERE slug=%s", (slug,)).fetchone()
            return None if pruned is None else Withdrawn(retracted_at=None)
        name, revision, seq, retracted, into, sightings, relatives, changed = row
        if into is not None:
            return Elsewhere(slug=into)
        if retracted is not None:
            return Withdrawn(retracted_at=retracted)
        return Mark(slug=name, revision=revision, seq=seq, sightings=sightings, relatives=relatives, changed_at=changed)

    def story(self, slug: str) -> Story | None:
        """See ``Browsing.story``."""
        row = self._sql.execute(
            f"SELECT r.first_seen_at, {SOURCE_COLUMNS}, {RECORD_COLUMNS} FROM records r"
            f" JOIN feeds f ON f.id=r.feed_id WHERE r.slug=%s AND {SHOWN}",
            (slug,),
        ).fetchone()
        if row is None:
            return None
        record = read_record(row[5:])
        seen = self._sql.execute(_SEEN, (record.id,)).fetchall()
        return Story(
            record=record,
            source=read_source(row[1:5]),
            first_seen_at=row[0],
            sightings=tuple(_seen(each) for each in seen),
            relatives=relatives_of(self._sql, record.id),
        )

    def records(self, places: Sequence[Place]) -> Sequence[Record]:
        """See ``Browsing.records``."""
        wanted = [place.number for place in places]
        return [read_record(row) for row in self._sql.execute(_RECORDS, (wanted,)).fetchall()]

    def source(self, feed: FeedId) -> Source | None:
        """See ``Browsing.source``."""
        row = self._sql.execute(f"SELECT {SOURCE_COLUMNS} FROM feeds f WHERE f.id=%s", (feed,)).fetchone()
        return None if row is None else read_source(row)

    def labels(self, kind: LabelKind, *, limit: int) -> Sequence[Label]:
        """See ``Browsing.labels``."""
        return [read_label(row) for row in self._sql.execute(_LABELS, (kind, limit)).fetchall()]

    def feeds(self, *, after: int, limit: int, since: datetime, failing: bool = False) -> Sequence[FeedCard]:
        """See ``Browsing.feeds``."""
        return self._cards.page(after, limit, since, failing=failing)

    def feed_counts(self) -> FeedCounts:
        """See ``Browsing.feed_counts``."""
        return self._cards.counts()

    def subscriptions(self) -> Sequence[FeedConfig]:
        """See ``Browsing.subscriptions``."""
        return self._cards.all()

    def feed(self, feed: FeedId, *, since: datetime) -> FeedCard | None:
        """See ``Browsing.feed``."""
        return self._cards.one(feed, since)


def _seen(row: Sequence[Any]) -> Seen:
    link, first, last, *source = row
    return Seen(source=read_source(source), link=link, first_seen=first, last_seen=last)
