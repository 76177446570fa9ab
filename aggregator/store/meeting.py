"""Which story each entry of a document is. Pure; ``plan.py`` says in which order it is asked."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from aggregator.model import Digest, Draft, RecordId
from aggregator.store.likeness import plain_title
from aggregator.store.planned import Kept, Known, Merge, Story
from aggregator.store.recognise import Lost, Met, is_same_story, renamed, twin

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
    merges: list[Merge] = field(default_factory=list)
    reused: list[bytes] = field(default_factory=list)


def meet(digest: Digest, known: Known) -> Meetings:
    """Return which story each draft is: a known one, or a new one under its match key."""
    found = _Found()
    for draft in digest.drafts:
        _meet_by_name(draft, known, found)
    strays = [draft for draft in digest.drafts if draft.identity.guid_hash not in found.met]
    if strays:
        found.met |= renamed(strays, _lost(digest, known, found.met.values()))
    drafts = _twins(digest.drafts, known, found.met)
    met = tuple(found.met[draft.identity.guid_hash] for draft in drafts)
    return Meetings(
        met=met,
        drafts=drafts,
        merges=tuple(found.merges),
        reused=tuple(found.reused),
        distrusted=bool(found.reused) or _all_renamed(digest, known, met),
    )


def _meet_by_name(draft: Draft, known: Known, found: _Found) -> None:
    """By guid and by link. Nothing is found where both are new, or where the guid is another story's."""
    identity = draft.identity
    named, linked = known.by_guid.get(identity.guid_hash), known.by_key.get(identity.match_key)
    if named is None:
        if linked is not None:
            found.met[identity.guid_hash] = Met(story=linked, reason="link", confidence=1.0)
        return
    if linked == named or known.kept[named].pinned or is_same_story(draft, known.kept[named]):
        story = named if linked in {None, named} else _merged(draft, known.kept[named], known.kept[linked], found)
        found.met[identity.guid_hash] = Met(story=story)
        return
    found.reused.append(identity.guid_hash)
    if linked is not None:
        found.met[identity.guid_hash] = Met(story=linked, reason="link", confidence=1.0)


def _merged(draft: Draft, named: Kept, linked: Kept, found: _Found) -> RecordId:
    """The guid is one record's, the link another's: one story, where the entry is like both of them."""
    busy = {each.id for merge in found.merges for each in (merge.gone, merge.into)}
    if named.pinned or linked.pinned or {named.id, linked.id} & busy or not is_same_story(draft, linked):
        return named.id
    into, gone = sorted((named, linked), key=lambda kept: kept.id)
    found.merges.append(Merge(gone=gone, into=into, reason="guid-and-link", confidence=0.9))
    return into.id


def _lost(digest: Digest, known: Known, met: Iterable[Met]) -> list[Lost]:
    present = {identity.guid_hash for identity in digest.known} | {draft.identity.guid_hash for draft in digest.drafts}
    here = {glimpse.record for glimpse in known.window if glimpse.guid_hash in present} | {each.story for each in met}
    lost = {
        glimpse.record: Lost(glimpse, kept)
        for glimpse in known.window
        if glimpse.record not in here and (kept := known.kept.get(glimpse.record)) is not None and not kept.pinned
    }
    return list(lost.values())


def _twins(drafts: Iterable[Draft], known: Known, met: dict[bytes, Met]) -> tuple[Draft, ...]:
    """Complete ``met``; return the drafts, with the slug of the story that one may repeat."""
    if all(draft.identity.guid_hash in met for draft in drafts):
        return tuple(drafts)
    titled: defaultdict[str, list[tuple[Story, Draft | Kept]]] = defaultdict(list)
    for record in {glimpse.record for glimpse in known.window} & known.kept.keys():
        titled[plain_title(known.kept[record].title)].append((record, known.kept[record]))
    noted: list[Draft] = []
    for draft in drafts:
        slug = None
        if draft.identity.guid_hash not in met:
            others = titled[plain_title(draft.title)]
            again, slug = twin(draft, [other for other in others if other[0] != draft.identity.match_key])
            met[draft.identity.guid_hash] = again or Met(story=draft.identity.match_key)
            if again is None:
                others.append((draft.identity.match_key, draft))
        noted.append(draft if slug is None else replace(draft, details={**draft.details, "may_repeat": slug}))
    return tuple(noted)


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
