"""Which story each entry of a document is. Pure; ``plan.py`` says in which order it is asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from aggregator.model import Digest, Draft, RecordId
from aggregator.store.likeness import plain_title
from aggregator.store.planned import Kept, Known, Merge, Story
from aggregator.store.recognise import Lost, Met, is_like, is_same_story, renamed, twin

_MOST = 0.8  # of a document's entries: all of them, for all we know (ID-12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """What the entries of a document turned out to be."""

    met: tuple[Met, ...]  # one for each draft, in order
    drafts: tuple[Draft, ...]  # the drafts, with what was noticed about them in ``details``
    merges: tuple[Merge, ...]
    reused: tuple[bytes, ...]  # guids that tell of another story than they did
    distrusted: bool


@dataclass(slots=True)
class _Found:
    """What is known so far."""

    met: dict[bytes, Met] = field(default_factory=dict)
    keys: dict[str, Story] = field(default_factory=dict)  # match keys, with those that this document brings
    merges: list[Merge] = field(default_factory=list)
    reused: list[bytes] = field(default_factory=list)

    def take(self, draft: Draft, met: Met) -> None:
        """Note which story a draft is: the next one with its link is that too."""
        self.met[draft.identity.guid_hash] = met
        self.keys.setdefault(draft.identity.match_key, met.story)


def meet(digest: Digest, known: Known) -> Meetings:
    """Return which story each draft is: a known one, or a new one under its match key."""
    found = _Found(keys=dict(known.by_key))
    for draft in digest.drafts:
        _meet_by_name(draft, digest, known, found)
    strays = [draft for draft in digest.drafts if draft.identity.guid_hash not in found.met]
    if strays:
        again = renamed(strays, _lost(digest, known, found.met.values()))
        for draft in strays:
            if draft.identity.guid_hash in again:
                found.take(draft, again[draft.identity.guid_hash])
    drafts = _twins(digest.drafts, known, found)
    into: dict[Story, Story] = {merge.gone.id: merge.into.id for merge in found.merges}
    stories = (found.met[draft.identity.guid_hash] for draft in drafts)
    met = tuple(replace(each, story=into.get(each.story, each.story)) for each in stories)
    return Meetings(
        met=met,
        drafts=drafts,
        merges=tuple(found.merges),
        reused=tuple(found.reused),
        distrusted=bool(found.reused) or _all_renamed(digest, known, met),
    )


def _meet_by_name(draft: Draft, digest: Digest, known: Known, found: _Found) -> None:
    """By guid and by link. Nothing is found where both are new, or where the guid is another story's."""
    identity = draft.identity
    named, linked = known.by_guid.get(identity.guid_hash), found.keys.get(identity.match_key)
    assert not isinstance(linked, str)  # new stories come after all that are known
    if named is None:
        if linked is not None:
            found.take(draft, Met(story=linked, reason="link", confidence=1.0))
        return
    if _keeps_its_guid(draft, known):
        if linked is not None and linked != named and identity.link != known.links[identity.guid_hash]:
            merge = _merge(draft, known.kept[named], known.kept[linked], found.merges)
            if merge is not None and not {named, linked} <= _told(digest, known):
                found.merges.append(merge)
        found.take(draft, Met(story=named))
        return
    found.reused.append(identity.guid_hash)
    if linked is not None:
        found.take(draft, Met(story=linked, reason="link", confidence=1.0))


def _keeps_its_guid(draft: Draft, known: Known) -> bool:
    """Whether an entry is still the record that its guid names, although its link may be new or another record's.

    With the link that it had it is: whatever was decided when the link came stays decided.
    """
    identity = draft.identity
    named = known.kept[known.by_guid[identity.guid_hash]]
    if identity.link == known.links[identity.guid_hash]:
        return True
    linked = known.by_key.get(identity.match_key)
    if named.pinned is not None and linked is not None:
        return named.pinned == "guid" or linked == named.id
    return linked == named.id or is_same_story(draft, named)


def _merge(draft: Draft, named: Kept, linked: Kept, others: Iterable[Merge]) -> Merge | None:
    """The guid is one record's, the link another's: one story, where the entry is like both of them."""
    busy = {each.id for merge in others for each in (merge.gone, merge.into)}
    if named.pinned or linked.pinned or {named.id, linked.id} & busy or not is_like(draft, linked):
        return None
    into, gone = sorted((named, linked), key=lambda kept: kept.id)
    return Merge(gone=gone, into=into, reason="guid-and-link", confidence=0.9)


def _told(digest: Digest, known: Known) -> set[RecordId]:
    """Return the records that entries of this document name by their guids: two of them are two by the feed's word."""
    unchanged = {identity.guid_hash for identity in digest.known}
    told = {glimpse.record for glimpse in known.window if glimpse.guid_hash in unchanged}
    for draft in digest.drafts:
        named = known.by_guid.get(draft.identity.guid_hash)
        if named is not None and _keeps_its_guid(draft, known):
            told.add(named)
    return told


def _lost(digest: Digest, known: Known, met: Iterable[Met]) -> list[Lost]:
    present = {identity.guid_hash for identity in digest.known} | {draft.identity.guid_hash for draft in digest.drafts}
    here = {glimpse.record for glimpse in known.window if glimpse.guid_hash in present} | {each.story for each in met}
    lost = {
        glimpse.record: Lost(glimpse, kept)
        for glimpse in known.window
        if glimpse.record not in here and (kept := known.kept.get(glimpse.record)) is not None and not kept.pinned
    }
    return list(lost.values())


def _twins(drafts: Iterable[Draft], known: Known, found: _Found) -> tuple[Draft, ...]:
    """Find all that are not found; return the drafts, with the slug of the story that one may repeat."""
    if all(draft.identity.guid_hash in found.met for draft in drafts):
        return tuple(drafts)
    titled: defaultdict[str, list[tuple[Story, Draft | Kept]]] = defaultdict(list)
    for record in {glimpse.record for glimpse in known.window} & known.kept.keys():
        titled[plain_title(known.kept[record].title)].append((record, known.kept[record]))
    noted: list[Draft] = []
    for draft in drafts:
        slug = None
        if draft.identity.guid_hash not in found.met:
            met, slug = _new_or_twin(draft, titled[plain_title(draft.title)], found)
            found.take(draft, met)
        noted.append(draft if slug is None else replace(draft, details={**draft.details, "may_repeat": slug}))
    return tuple(noted)


def _new_or_twin(draft: Draft, others: list[tuple[Story, Draft | Kept]], found: _Found) -> tuple[Met, str | None]:
    key = draft.identity.match_key
    if key in found.keys:
        return Met(story=found.keys[key], reason="link", confidence=1.0), None
    again, slug = twin(draft, others)
    if again is not None:
        return again, None
    others.append((key, draft))
    return Met(story=key), slug


def _all_renamed(digest: Digest, known: Known, met: Iterable[Met]) -> bool:
    """Whether nearly all guids are new, and nearly all their stories are not (ID-12, ID-13)."""
    window = {glimpse.record for glimpse in known.window}
    unseen = [
        each.story
        for draft, each in zip(digest.drafts, met, strict=True)
        if draft.identity.guid is not None and draft.identity.guid_hash not in known.by_guid
    ]
    entries = len(digest.drafts) + len(digest.known)
    return len(unseen) >= max(1, _MOST * entries) and sum(each in window for each in unseen) >= _MOST * len(unseen)
