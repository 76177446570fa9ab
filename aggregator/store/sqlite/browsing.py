"""Lists of stories, stories and labels in SQLite."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

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
from aggregator.store.sqlite.feed_cards import SOURCE_COLUMNS, FeedCards, read_source
from aggregator.store.sqlite.log import RECORD_COLUMNS, read_record
from aggregator.store.sqlite.relatives import MARK, relatives_of
from aggregator.store.sqlite.values import moment, names

GLIMPSE_COLUMNS = (
    "r.told, r.id, r.slug, r.title, r.summary, r.lang, r.topics, r.canonical_source,"  # noqa: S608 - constants only
    f" (SELECT count(DISTINCT feed_id) FROM sightings s WHERE s.record_id=r.id), {SOURCE_COLUMNS}"
)
SHOWN = "r.merged_into IS NULL AND r.retracted_at IS NULL"

_ALL = (
    f"SELECT {GLIMPSE_COLUMNS}"  # noqa: S608 - constants only
    " FROM records r JOIN feeds f"
    f" ON f.id=r.feed_id WHERE {SHOWN} AND (r.told, r.id)<(:told, :number) ORDER BY r.told DESC, r.id DESC LIMIT :limit"
)
_LABELLED = (
    f"SELECT {GLIMPSE_COLUMNS} FROM labelled l CROSS JOIN records r ON r.id=l.record_id"  # noqa: S608 - constants only
    " JOIN feeds f ON f.id=r.feed_id"
    " WHERE l.label_id=(SELECT id FROM labels WHERE kind=:kind AND label=:label)"
    f" AND (l.told, l.record_id)<(:told, :number) AND {SHOWN}"
    " ORDER BY l.told DESC, l.record_id DESC LIMIT :limit"
)
_RECORDS = (
    f"SELECT {RECORD_COLUMNS} FROM json_each(?) w CROSS JOIN records r ON r.id=w.value"  # noqa: S608 - constants only
    f" WHERE {SHOWN} ORDER BY w.key"
)
_MARK = (
    "SELECT r.slug, r.revision, r.seq, r.updated_at, r.retracted_at, i.slug,"  # noqa: S608 - constants only
    " (SELECT count(*) FROM sightings s WHERE s.record_id=r.id),"
    f" (SELECT max(first_seen) FROM sightings s WHERE s.record_id=r.id), {MARK}"
    " FROM records r LEFT JOIN records i ON i.id=r.merged_into WHERE r.slug=?"
)
_SEEN = (
    f"SELECT s.link, min(s.first_seen), max(s.last_seen), {SOURCE_COLUMNS}"  # noqa: S608 - constants only
    " FROM sightings s JOIN feeds f ON f.id=s.feed_id WHERE s.record_id=? GROUP BY s.feed_id ORDER BY 2, s.id"
)
_LABELS = (
    f"SELECT l.kind, l.label, l.records, {SOURCE_COLUMNS} FROM labels l"  # noqa: S608 - constants only
    " LEFT JOIN feeds f ON l.kind='source' AND f.id=CAST(l.label AS INTEGER)"
    " WHERE l.kind=? AND l.records>0 ORDER BY l.records DESC LIMIT ?"
)
_LAST = Place(told=2**62, number=0)


class SqliteBrowsing:
    """The ``Browsing`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
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
            pruned = self._sql.execute("SELECT 1 FROM pruned_slugs WHERE slug=?", (slug,)).fetchone()
            return None if pruned is None else Withdrawn(retracted_at=None)
        name, revision, seq, updated, retracted, into, sightings, seen, relatives = row
        if into is not None:
            return Elsewhere(slug=into)
        if retracted is not None:
            return Withdrawn(retracted_at=moment(retracted))
        changed = moment(max(updated, seen or "", orjson.loads(relatives)[-1] or ""))
        return Mark(slug=name, revision=revision, seq=seq, sightings=sightings, relatives=relatives, changed_at=changed)

    def story(self, slug: str) -> Story | None:
        """See ``Browsing.story``."""
        row = self._sql.execute(
            f"SELECT r.first_seen_at, {SOURCE_COLUMNS}, {RECORD_COLUMNS} FROM records r"  # noqa: S608 - constants only
            f" JOIN feeds f ON f.id=r.feed_id WHERE r.slug=? AND {SHOWN}",
            (slug,),
        ).fetchone()
        if row is None:
            return None
        record = read_record(row[5:])
        seen = self._sql.execute(_SEEN, (record.id,)).fetchall()
        return Story(
            record=record,
            source=read_source(row[1:5]),
            first_seen_at=moment(row[0]),
            sightings=tuple(_seen(each) for each in seen),
            relatives=relatives_of(self._sql, record.id),
        )

    def records(self, places: Sequence[Place]) -> Sequence[Record]:
        """See ``Browsing.records``."""
        wanted = orjson.dumps([place.number for place in places]).decode()
        return [read_record(row) for row in self._sql.execute(_RECORDS, (wanted,)).fetchall()]

    def source(self, feed: FeedId) -> Source | None:
        """See ``Browsing.source``."""
        row = self._sql.execute(f"SELECT {SOURCE_COLUMNS} FROM feeds f WHERE f.id=?", (feed,)).fetchone()  # noqa: S608
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


def read_glimpse(row: Sequence[Any]) -> Glimpse:
    """Return the story in a row of GLIMPSE_COLUMNS."""
    told, number, slug, title, summary, lang, topics, canonical, feeds, *source = row
    return Glimpse(
        place=Place(told=told, number=number),
        slug=slug,
        title=title,
        summary=summary,
        told_at=datetime.fromtimestamp(told, UTC),
        lang=lang,
        topics=names(topics),
        canonical_source=canonical,
        source=read_source(source),
        feeds=feeds,
    )


def read_label(row: Sequence[Any]) -> Label:
    """Return the label in a row of kind, label, count and SOURCE_COLUMNS."""
    kind, label, records, *source = row
    name = label if source[0] is None else read_source(source).name
    return Label(kind=kind, label=label, name=name, records=records)


def _seen(row: Sequence[Any]) -> Seen:
    link, first, last, *source = row
    return Seen(source=read_source(source), link=link, first_seen=moment(first), last_seen=moment(last))
