"""What planning is told of the stories in a digest: few queries, each by an index, whatever the size of the store."""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from typing import Any

import psycopg

from aggregator.model import Digest, FeedId, RecordId
from aggregator.store.likeness import plain_title
from aggregator.store.plan import Glimpse, Kept, Known
from aggregator.store.postgres.arrays import Array, bigints, blobs, texts
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.values import moment_or_none

_LARGEST_WINDOW = 1_000
_KEPT = (
    "SELECT id, slug, feed_id, guid_hash, revision, content_hash, title, body_md, canonical_source,"
    " published_at, details->>'updated', details#>>'{enclosures,0,url}', churn,"
    " retracted_at IS NOT NULL, pinned, merged_into FROM records WHERE id=ANY(%s)"
)
_BURIED = "SELECT guid_hash FROM tombstones WHERE feed_id=%s AND guid_hash=ANY(%s)"
_SIGHTED = "SELECT guid_hash, record_id, link FROM sightings WHERE feed_id=%s AND guid_hash=ANY(%s)"
# Since no document was read before: nothing.
_SINCE = "feed_id=%(feed)s AND last_seen>=(SELECT digested_at FROM feeds WHERE id=%(feed)s)"
_WINDOW = f"SELECT guid_hash, guid, link, record_id FROM sightings WHERE {_SINCE} LIMIT %(most)s"
_BURIED_LATELY = f"SELECT guid_hash FROM tombstones WHERE {_SINCE}"
_BURIED_KEYS = "SELECT match_key FROM tombstones WHERE reason='pruned' AND match_key=ANY(%s)"


class KnownStories:
    """What is known of the stories of one feed's document."""

    def __init__(self, connection: Sql, feed_id: FeedId) -> None:
        self._sql = connection
        self._feed_id = feed_id

    def of(self, digest: Digest) -> Known:
        """See ``Records.known``."""
        drafts = digest.drafts
        guids = blobs(draft.identity.guid_hash for draft in drafts)
        keys = texts(draft.identity.match_key for draft in drafts)
        wishes = texts(wish for draft in drafts for wish in (draft.slug, draft.slug_unique))
        with self._sql.pipeline():  # one exchange with the server, not nine
            asked = [
                self._among(_SIGHTED, guids, self._feed_id),
                self._among("SELECT match_key, record_id FROM aliases WHERE match_key=ANY(%s)", keys),
                self._among("SELECT match_key, id FROM records WHERE match_key=ANY(%s)", keys),
                self._among("SELECT slug FROM records WHERE slug=ANY(%s)", wishes),
                self._among(_BURIED_KEYS, keys),
                self._among(_BURIED, guids, self._feed_id),
                self._sql.execute(_BURIED_LATELY, {"feed": self._feed_id}),
                self._sql.execute(_WINDOW, {"feed": self._feed_id, "most": _LARGEST_WINDOW}),
                self._sql.execute("SELECT digested_at FROM feeds WHERE id=%s", (self._feed_id,)),
            ]
        sighted, aliases, named, slugs, buried_keys, *buried, last, digested = (each.fetchall() for each in asked)
        by_guid: dict[bytes, RecordId] = {guid_hash: record for guid_hash, record, _ in sighted}
        by_key: dict[str, RecordId] = {**dict(aliases), **dict(named)}
        first = digested[0][0] is None
        present = {identity.guid_hash for identity in digest.identities}
        is_compared = bool(present) and not first
        window = self._window(last if is_compared else (), present)
        wanted: set[int] = {*by_guid.values(), *by_key.values()}
        kept, merged = self._kept(wanted | self._needed(window, digest, by_guid, by_key))
        return Known(
            by_guid={guid_hash: merged.get(record, record) for guid_hash, record in by_guid.items()},
            links={guid_hash: link for guid_hash, _, link in sighted},
            by_key={key: merged.get(record, record) for key, record in by_key.items()},
            kept=kept,
            slugs=frozenset(slug for (slug,) in slugs),
            window=tuple(window),
            first=first,
            buried=frozenset(guid_hash for (guid_hash,) in chain(*buried)) if is_compared else frozenset(),
            buried_keys=frozenset(key for (key,) in buried_keys),
        )

    def _window(self, rows: Sequence[tuple[Any, ...]], present: Collection[bytes]) -> list[Glimpse]:
        """Return the entries of the last document."""
        shared = self._shared({record for guid_hash, _, _, record in rows if guid_hash not in present})
        return [
            Glimpse(guid_hash=guid_hash, guid=guid, link=link, record=RecordId(record), elsewhere=record in shared)
            for guid_hash, guid, link, record in rows
        ]

    def _shared(self, records: set[int]) -> set[int]:
        """Return those of the records that other feeds carry."""
        if not records:
            return set()
        rows = self._among(
            "SELECT record_id FROM sightings WHERE feed_id<>%s AND record_id=ANY(%s)", bigints(records), self._feed_id
        )
        return {record for (record,) in rows}

    def _needed(
        self, window: Iterable[Glimpse], digest: Digest, by_guid: Collection[bytes], by_key: Collection[str]
    ) -> set[int]:
        """Return the window's records that planning can need: those gone, and those with the title of a stranger."""
        present = {identity.guid_hash for identity in digest.identities}
        needed = {glimpse.record for glimpse in window if glimpse.guid_hash not in present}
        titles = {
            plain_title(draft.title)
            for draft in digest.drafts
            if draft.identity.guid_hash not in by_guid and draft.identity.match_key not in by_key
        }
        others = [glimpse.record for glimpse in window if glimpse.record not in needed]
        if titles and others:
            rows = self._among("SELECT id, title FROM records WHERE id=ANY(%s)", bigints(others))
            needed |= {RecordId(record) for record, title in rows if plain_title(title) in titles}
        return set(needed)

    def _kept(self, records: set[int]) -> tuple[dict[RecordId, Kept], dict[int, RecordId]]:
        """Return the records, and which of the wanted ones were merged into which."""
        rows = self._among(_KEPT, bigints(records)).fetchall() if records else []
        merged = {row[0]: RecordId(row[-1]) for row in rows if row[-1] is not None}
        more = set(merged.values()) - records
        rows += self._among(_KEPT, bigints(more)).fetchall() if more else []
        return {RecordId(row[0]): _read(row) for row in rows if row[-1] is None}, merged

    def _among(self, select: str, values: Array, *before: object) -> psycopg.Cursor[tuple[Any, ...]]:
        """Ask a query whose last value is the array."""
        return self._sql.execute(select, (*before, values))


def _read(row: Sequence[Any]) -> Kept:
    ident, slug, feed_id, guid_hash, revision, content_hash, title, body_md, source, *rest = row
    published, edited, file, churn, retracted, pinned, _ = rest
    return Kept(
        id=RecordId(ident),
        slug=slug,
        feed_id=FeedId(feed_id),
        guid_hash=guid_hash,
        revision=revision,
        content_hash=content_hash,
        title=title,
        body_md=body_md,
        source=source,
        published_at=published,
        edited_at=moment_or_none(edited),
        enclosure=file,
        churn=churn,
        retracted=retracted,
        pinned=pinned,
    )
