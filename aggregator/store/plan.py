"""What a digest changes in the store, decided without touching it.

Identity, in this order: an entry is the story its guid was sighted with in the same feed (ID-01), unless it is plain
that the guid is used again for another story; else the story that has its match key, whichever feed brought it (DD-06,
DD-07, DD-11); else one that changed guid and link at once (``recognise.py``); else it is new. Guids are never compared
across feeds (ID-09). The feed and entry that first gave a story own its content: the same story elsewhere adds a
sighting and no line.
"""

import hashlib
from collections.abc import Iterator

from aggregator.model import Digest, Draft, FeedId
from aggregator.store.edits import edit
from aggregator.store.meeting import Meetings, meet
from aggregator.store.planned import (
    Alias,
    Applied,
    Glimpse,
    Kept,
    Known,
    Merge,
    NewRecord,
    Plan,
    Seen,
    Story,
    TouchedRecord,
    UpdatedRecord,
)
from aggregator.store.withdrawal import withdrawn

__all__ = [
    "Alias",
    "Applied",
    "Glimpse",
    "Kept",
    "Known",
    "Merge",
    "NewRecord",
    "Plan",
    "Seen",
    "Story",
    "TouchedRecord",
    "UpdatedRecord",
    "plan_changes",
]


def plan_changes(digest: Digest, known: Known, feed_id: FeedId) -> Plan:
    """Return what the digest changes. Applied once, planning the same digest again changes no record."""
    meetings = meet(digest, known)
    new, edits = _contents(digest, known, feed_id, meetings)
    told = {met.story for met in meetings.met if not isinstance(met.story, str)}
    return Plan(
        new=new,
        updated=tuple(each for each in edits if isinstance(each, UpdatedRecord)),
        touched=tuple(each for each in edits if isinstance(each, TouchedRecord)),
        merged=meetings.merges,
        retracted=withdrawn(digest, known, feed_id, told),
        seen=tuple(
            Seen(draft=draft, record=met.story, reason=met.reason, confidence=met.confidence)
            for draft, met in zip(meetings.drafts, meetings.met, strict=True)
        ),
        aliases=_aliases(known, meetings),
        seen_again=tuple(identity.guid_hash for identity in digest.known),
        reused=meetings.reused,
        distrusted=meetings.distrusted,
        backfill=known.first,
    )


def _contents(
    digest: Digest, known: Known, feed_id: FeedId, meetings: Meetings
) -> tuple[tuple[NewRecord, ...], list[UpdatedRecord | TouchedRecord]]:
    """Of the entries that tell one story the first gives its content."""
    present = {identity.guid_hash for identity in digest.known} | {draft.identity.guid_hash for draft in digest.drafts}
    present -= set(meetings.reused)
    slugs = set(known.slugs)
    taken: set[Story] = set()
    new: list[NewRecord] = []
    edits: list[UpdatedRecord | TouchedRecord] = []
    for draft, met in zip(meetings.drafts, meetings.met, strict=True):
        if met.story in taken:
            continue
        taken.add(met.story)
        if isinstance(met.story, str):
            new.append(NewRecord(draft=draft, slug=_free_slug(draft, slugs)))
        elif _owns(draft, known.kept[met.story], feed_id, present) and (done := edit(draft, known.kept[met.story])):
            edits.append(done)
    return tuple(new), edits


def _owns(draft: Draft, kept: Kept, feed_id: FeedId, present: set[bytes]) -> bool:
    """Whether the draft may change the record: it is the entry that gave it, or took that one's place in the feed.

    A story that was taken back is anybody's.
    """
    if kept.feed_id != feed_id:
        return kept.retracted
    return draft.identity.guid_hash == kept.guid_hash or kept.guid_hash not in present


def _aliases(known: Known, meetings: Meetings) -> tuple[Alias, ...]:
    """Every new match key that leads to a story of another key."""
    aliases: dict[str, Alias] = {}
    for draft, met in zip(meetings.drafts, meetings.met, strict=True):
        key = draft.identity.match_key
        if key not in known.by_key and met.story != key:
            reason, confidence = met.reason or "same-guid", met.confidence or 0.95
            aliases.setdefault(key, Alias(match_key=key, record=met.story, reason=reason, confidence=confidence))
    return tuple(aliases.values())


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
