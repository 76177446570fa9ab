"""What a digest changes in the store, decided without touching it.

Identity, in this order: an entry is the story its guid was sighted with in the same feed (ID-01); else the story that
has its match key, whichever feed brought it (DD-06, DD-07, DD-11); else it is new. Guids are never compared across
feeds (ID-09). The feed and entry that first gave a story own its content: the same story elsewhere adds a sighting and
no line.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from aggregator.model import Digest, Draft, Dropped, FeedId, Identity, RecordId


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A record as far as planning needs it."""

    id: RecordId
    feed_id: FeedId  # whose content it holds
    guid_hash: bytes  # and of which entry there
    revision: int
    content_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store knows of the stories in a digest."""

    by_guid: Mapping[bytes, RecordId] = field(default_factory=dict)
    by_key: Mapping[str, RecordId] = field(default_factory=dict)
    kept: Mapping[RecordId, Kept] = field(default_factory=dict)
    slugs: frozenset[str] = frozenset()  # those of the wished-for slugs that are taken
    buried: frozenset[bytes] = frozenset()  # entries of the feed that are no records any more, or never were
    buried_keys: frozenset[str] = frozenset()  # stories that were pruned


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRecord:
    """A story never seen before."""

    draft: Draft
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatedRecord:
    """A story whose content changed."""

    draft: Draft
    kept: Kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """That the feed carries a story: ``record`` is its id, or the match key of a new one."""

    draft: Draft
    record: RecordId | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """A match key that leads to a record besides the record's own."""

    match_key: str
    record: RecordId | str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that one digest changes."""

    new: tuple[NewRecord, ...] = ()
    updated: tuple[UpdatedRecord, ...] = ()
    seen: tuple[Seen, ...] = ()
    aliases: tuple[Alias, ...] = ()
    seen_again: tuple[bytes, ...] = ()  # guid hashes of entries that did not change
    dropped: tuple[Dropped, ...] = ()  # entries that a rule keeps out; a record that one gave before stays as it is
    buried: tuple[Draft, ...] = ()  # entries of stories that were pruned: they do not come back (ID-23)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What writing a plan came to."""

    new: int = 0
    updated: int = 0
    sightings: int = 0
    dropped: int = 0


def plan_changes(digest: Digest, known: Known, feed_id: FeedId) -> Plan:
    """Return what the digest changes. Applied once, planning the same digest again changes no record."""
    present = {identity.guid_hash for identity in _identities(digest)}
    taken: set[RecordId | str] = set()  # stories that this document already spoke of: its first word counts
    planned_by_guid: dict[bytes, str] = {}
    slugs = set(known.slugs)
    new: list[NewRecord] = []
    updated: list[UpdatedRecord] = []
    seen: list[Seen] = []
    aliases: dict[str, Alias] = {}
    buried: list[Draft] = []
    for draft in digest.drafts:
        identity = draft.identity
        if _is_buried(identity, known):
            buried.append(draft)
            continue
        story = _story(identity, known, planned_by_guid)
        seen.append(Seen(draft=draft, record=story))
        if identity.match_key not in known.by_key and story != identity.match_key:
            aliases[identity.match_key] = Alias(match_key=identity.match_key, record=story, reason="same-guid")
        if story in taken:
            continue
        taken.add(story)
        if isinstance(story, str):
            planned_by_guid[identity.guid_hash] = story
            new.append(NewRecord(draft=draft, slug=_free_slug(draft, slugs)))
        elif _owns(draft, known.kept[story], feed_id, present) and draft.content_hash != known.kept[story].content_hash:
            updated.append(UpdatedRecord(draft=draft, kept=known.kept[story]))
    return Plan(
        new=tuple(new),
        updated=tuple(updated),
        seen=tuple(seen),
        aliases=tuple(aliases.values()),
        seen_again=tuple(identity.guid_hash for identity in digest.known),
        buried=tuple(buried),
        dropped=digest.dropped,
    )


def _identities(digest: Digest) -> Iterable[Identity]:
    yield from digest.known
    yield from (dropped.identity for dropped in digest.dropped)
    yield from (draft.identity for draft in digest.drafts)


def _is_buried(identity: Identity, known: Known) -> bool:
    if identity.guid_hash in known.by_guid:
        return False
    is_gone = identity.match_key in known.buried_keys and identity.match_key not in known.by_key
    return is_gone or identity.guid_hash in known.buried


def _story(identity: Identity, known: Known, planned_by_guid: Mapping[bytes, str]) -> RecordId | str:
    """Return the id of the known record, or the match key under which a new one is planned."""
    record = known.by_guid.get(identity.guid_hash)
    if record is None:
        record = known.by_key.get(identity.match_key)
    if record is not None:
        return record
    return planned_by_guid.get(identity.guid_hash, identity.match_key)


def _owns(draft: Draft, kept: Kept, feed_id: FeedId, present: set[bytes]) -> bool:
    """Whether the draft may change the record: it is the entry that gave it, or took that one's place in the feed."""
    if kept.feed_id != feed_id:
        return False
    return draft.identity.guid_hash == kept.guid_hash or kept.guid_hash not in present


def _free_slug(draft: Draft, taken: set[str]) -> str:
    """Return a slug that nobody has, and take it."""
    free = next(slug for slug in _wishes(draft) if slug not in taken)
    taken.add(free)
    return free


def _wishes(draft: Draft) -> Iterator[str]:
    yield draft.slug
    yield draft.slug_unique
    # Only when someone made short hashes collide on purpose.
    yield f"story-{hashlib.blake2b(draft.identity.match_key.encode(), digest_size=16).hexdigest()}"
