"""Undoing a wrong merge. What is parted here is pinned: planning never merges it again."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from aggregator.model import FeedId, RecordId
from aggregator.store.past import Parted, PartingError
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold, take_seqs
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.revisions import Wording, next_record, revise
from aggregator.store.sqlite.log import RECORD_COLUMNS, unpack
from aggregator.store.sqlite.values import as_json
from aggregator.url.clean import RULES_VERSION, match_key

_HEX = 12  # digits that tell a new slug and a new key from the old ones
_LONGEST_SLUG = 100


class _Entry(NamedTuple):
    id: int
    feed_id: int
    guid_hash: bytes
    guid: str | None
    link: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """A record, and those of its entries that are not its story."""

    record: RecordId
    slug: str
    entries: list[_Entry]
    alias: str | None  # the match key that they brought

    def gave(self, feed_id: int | None, guid_hash: bytes | None, key: str | None) -> bool:
        """Whether a revision of the record has the words of these entries."""
        if (feed_id, guid_hash) not in {(entry.feed_id, entry.guid_hash) for entry in self.entries}:
            return False
        return self.alias is None or key == self.alias


class Parting:
    """Parts records, inside the caller's transaction."""

    def __init__(self, connection: Sql, now: datetime) -> None:
        self._sql = connection
        self._now = now
        hold(connection, WRITING_THE_LOG)

    def restore(self, record: RecordId) -> Parted:
        """Make a merged record one of its own again."""
        (into,) = self._sql.one("SELECT merged_into FROM records WHERE id=%s", (record,))
        if into is None:
            slug = self._slug(record)
            raise PartingError(f"{slug} was not merged into another record; name the entry that is not its story")
        self._sql.execute("UPDATE records SET merged_into=NULL, pinned='guid' WHERE id=%s", (record,))
        self._sql.execute(
            "UPDATE sightings SET record_id=merged_from, merged_from=NULL, reason='unmerged', confidence=1"
            " WHERE merged_from=%s",
            (record,),
        )
        (content_hash,) = self._sql.one("SELECT content_hash FROM records WHERE id=%s", (record,))
        self._again(record, replace(self._current(record), content_hash=content_hash))
        return Parted(slug=self._slug(record), from_slug=self._slug(into), restored=True)

    def split(self, record: RecordId, name: str) -> Parted:
        """Make a record of the entry that is called ``name``, by its guid or its link."""
        source = self._source(record, name)
        content = self._words(source.record, source)
        parted = self._insert(source, content or self._current(record))
        self._sql.execute(
            "UPDATE sightings SET record_id=%s, merged_from=NULL, entry_hash='', reason='unmerged', confidence=1"
            " WHERE id=ANY(%s)",
            (parted, [entry.id for entry in source.entries]),
        )
        if content is not None:
            self._take_back(source)
        self._read_again({entry.feed_id for entry in source.entries})
        return Parted(slug=self._slug(parted), from_slug=source.slug, restored=False)

    def _source(self, record: RecordId, name: str) -> _Source:
        slug, own = self._sql.one("SELECT slug, match_key FROM records WHERE id=%s", (record,))
        rows = self._sql.execute(
            "SELECT id, feed_id, guid_hash, guid, link FROM sightings WHERE record_id=%s", (record,)
        ).fetchall()
        aliases = self._sql.execute("SELECT match_key FROM aliases WHERE record_id=%s", (record,)).fetchall()
        key = name if (name,) in aliases else match_key(name)
        entries = [_Entry(*row) for row in rows if name in row[3:] or (row[4] and match_key(row[4]) == key)]
        if not entries:
            raise PartingError(f"{slug} has no entry called {name!r}: `aggregator identity show {slug}` lists them")
        if len(entries) == len(rows) and ((key,) not in aliases or key == own):
            raise PartingError(f"{name!r} is all that {slug} has: there is nothing to part it from")
        alias = key if (key,) in aliases else None
        return _Source(record=record, slug=slug, entries=entries, alias=alias)

    def _words(self, record: RecordId, source: _Source, *, theirs: bool = True) -> Wording | None:
        """Return the last wording that the entries gave the record, or the last that they did not give."""
        rows = self._sql.execute(
            "SELECT feed_id, guid_hash, match_key, content FROM revisions WHERE record_id=%s ORDER BY revision DESC",
            (record,),
        ).fetchall()
        for feed_id, guid_hash, key, content in rows:
            if source.gave(feed_id, guid_hash, key) is theirs:
                words = self._current(record, content)
                return words if feed_id is None else replace(words, feed_id=FeedId(feed_id), guid_hash=guid_hash)
        return None

    def _take_back(self, source: _Source) -> None:
        """Let the record have the words again that were its own."""
        feed_id, guid_hash, key = self._sql.one(
            "SELECT v.feed_id, v.guid_hash, v.match_key FROM revisions v JOIN records r"
            " ON r.id=v.record_id AND r.revision=v.revision WHERE r.id=%s",
            (source.record,),
        )
        own = self._words(source.record, source, theirs=False)
        if source.gave(feed_id, guid_hash, key) and own is not None:
            self._again(source.record, own)

    def _current(self, record: RecordId, content: bytes | None = None) -> Wording:
        """Return the record's words, or those of a packed revision of it. They are to be read again."""
        row = self._sql.one(f"SELECT r.feed_id, r.guid_hash, {RECORD_COLUMNS} FROM records r WHERE r.id=%s", (record,))
        said = read_record(row[2:]) if content is None else unpack(read_record(row[2:]), content)
        return Wording(
            title=said.title,
            summary=said.summary,
            body_md=said.body_md,
            published_at=said.published_at,
            lang=said.lang,
            topics=as_json(said.topics),
            entities=as_json(said.entities),
            content_hash=b"",
            details=None,
            feed_id=FeedId(row[0]),
            guid_hash=row[1],
            match_key=None,
        )

    def _again(self, record: RecordId, wording: Wording) -> None:
        (revision,) = self._sql.one("SELECT revision FROM records WHERE id=%s", (record,))
        revise(self._sql, record, wording, self._now, revision=revision + 1)

    def _insert(self, source: _Source, words: Wording) -> RecordId:
        """Write the new record, with its line."""
        entry = source.entries[0]
        suffix = entry.guid_hash.hex()[:_HEX]
        seq = take_seqs(self._sql)
        parted = next_record(self._sql)
        self._sql.execute(
            "INSERT INTO records (id, slug, title, summary, body_md, canonical_source, updated_at, lang, topics,"
            " entities, match_key, match_key_version, feed_id, guid_hash, revision, content_hash, details, seq,"
            " first_seen_at, pinned) SELECT %s, %s, %s, %s, %s, coalesce(%s, canonical_source), %s, %s, %s, %s, %s,"
            " %s, %s, %s, 1, %s, '{}', %s, %s, %s"
            " FROM records WHERE id=%s",
            (
                parted,
                f"{source.slug[: _LONGEST_SLUG - _HEX - 1].rstrip('-')}-{suffix}",
                words.title,
                words.summary,
                words.body_md,
                entry.link,
                self._now,
                words.lang,
                words.topics,
                words.entities,
                self._key(source, suffix),
                RULES_VERSION,
                entry.feed_id,
                entry.guid_hash,
                words.content_hash,
                seq,
                self._now,
                "link" if source.alias else "guid",
                source.record,
            ),
        )
        self._sql.execute(
            "INSERT INTO changes (seq, kind, record_id, feed_id, revision, at) VALUES (%s, 'new', %s, %s, 1, %s)",
            (seq, parted, entry.feed_id, self._now),
        )
        self._sql.execute(
            "INSERT INTO revisions (record_id, revision, at, content_hash, feed_id, guid_hash)"
            " VALUES (%s, 1, %s, %s, %s, %s)",
            (parted, self._now, words.content_hash, entry.feed_id, entry.guid_hash),
        )
        return RecordId(parted)

    def _key(self, source: _Source, suffix: str) -> str:
        """Return the match key of the new record: the alias, which is one no more, else one that nobody else has."""
        if source.alias is not None:
            self._sql.execute("DELETE FROM aliases WHERE match_key=%s", (source.alias,))
            return source.alias
        (own,) = self._sql.one("SELECT match_key FROM records WHERE id=%s", (source.record,))
        return f"{own}#{suffix}"

    def _read_again(self, feeds: set[int]) -> None:
        """Have the feeds' documents read whole with their next poll, whatever their servers say of them."""
        self._sql.many(
            "UPDATE feeds SET body_hash=NULL, etag=NULL, last_modified=NULL, validators_url=NULL WHERE id=%s",
            [(feed_id,) for feed_id in feeds],
        )

    def _slug(self, record: RecordId) -> str:
        return str(self._sql.one("SELECT slug FROM records WHERE id=%s", (record,))[0])
