"""Stories that come under a new guid and a new link: what else tells which they are.

Two places are searched, both bounded by the document as last read. Entries that it had and that are gone now may have
changed their names (ID-10…12): each clue that exactly one entry gone and exactly one entry new share makes them one,
the surest clue first. An entry that is still there, or came earlier in this document, may be told twice (DD-08, DD-10).
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.model import Draft
from aggregator.store.likeness import (
    beyond_host,
    body_likeness,
    is_long,
    plain_title,
    tells,
    title_likeness,
    word_count,
)
from aggregator.store.planned import Glimpse, Kept, Story

_ALIKE = 0.75  # titles, of an edit
_THE_SAME = 0.98  # bodies
_EDIT_WITHIN = timedelta(days=2)
_MOST_EDITS = 3  # stories recognised by an edited title in one document (ID-11)
_MOST_PAIRS = 2_000  # compared letter by letter
_FEW_WORDS = 20
_TWIN_WITHIN = timedelta(days=7)
_MOST_TWINS = 3  # stories of one title; more, and the title tells nothing (DD-10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """Which story an entry is; ``reason`` says how that was found where the guid did not say it."""

    story: Story
    reason: str | None = None
    confidence: float | None = None


class Lost(NamedTuple):
    """An entry of the document as last read that this document does not have."""

    glimpse: Glimpse
    kept: Kept


class _Clue(NamedTuple):
    name: str
    confidence: float
    of_draft: Callable[[Draft], Hashable | None]
    of_lost: Callable[[Lost], Hashable | None]
    accepts: Callable[[Draft, Kept], bool]


def same_words(draft: Draft, kept: Kept) -> bool:
    """Whether two texts are so long and so alike that they are one (DD-10)."""
    return is_long(draft.body_md) and body_likeness(draft.body_md, kept.body_md) >= _THE_SAME


def is_same_story(draft: Draft, kept: Kept) -> bool:
    """Whether an entry with a record's guid, and a link that is new, tells the record's story; else its guid is reused.

    The link with another host does, and whatever is like it.
    """
    path = beyond_host(draft.identity.canonical_source)
    return (path is not None and path == beyond_host(kept.source)) or is_like(draft, kept)


def is_like(draft: Draft, kept: Kept) -> bool:
    """Whether what an entry says is what a record says, whatever their names are.

    A text that is half the same is. Where the texts differ or say too little it takes the title, and a date that does
    not speak against it.
    """
    dated = draft.published_at is not None and kept.published_at is not None
    same_date = dated and draft.published_at == kept.published_at
    alike = title_likeness(draft.title, kept.title) >= _ALIKE
    if min(word_count(draft.body_md), word_count(kept.body_md)) >= _FEW_WORDS:
        common = body_likeness(draft.body_md, kept.body_md)
        return common >= 0.5 or (alike and (same_date or (not dated and common >= 0.2)))
    return (same_date and _has_time(draft.published_at)) or (alike and (same_date or not dated or tells(draft.title)))


def renamed(strays: Sequence[Draft], lost: Sequence[Lost]) -> dict[bytes, Met]:
    """Return guid hash -> story of the entries that are ones gone under another name."""
    found: dict[bytes, Met] = {}
    taken: set[Story] = set()
    for clue in _CLUES:
        for draft, entry in _only_pairs(
            clue, [each for each in strays if each.identity.guid_hash not in found], _left(lost, taken)
        ):
            found[draft.identity.guid_hash] = Met(story=entry.kept.id, reason=clue.name, confidence=clue.confidence)
            taken.add(entry.kept.id)
    rest = [each for each in strays if each.identity.guid_hash not in found]
    return found | _edited(rest, _left(lost, taken))


def twin(draft: Draft, others: Sequence[tuple[Story, Draft | Kept]]) -> tuple[Met | None, str | None]:
    """Return the story that an entry tells a second time; or the slug of one that it may tell again (DD-08).

    ``others`` are the feed's entries with the same title.
    """
    near = [
        (story, each)
        for story, each in others
        if _within(draft.published_at, each.published_at, _TWIN_WITHIN, undated=True)
    ]
    if not tells(draft.title) or not near or len(near) > _MOST_TWINS:
        return None, None
    if is_long(draft.body_md):
        for story, each in near:
            same_file = enclosure(draft) == (enclosure(each) if isinstance(each, Draft) else each.enclosure)
            if same_file and body_likeness(draft.body_md, each.body_md) >= _THE_SAME:
                return Met(story=story, reason="title-and-text", confidence=0.8), None
    return None, near[0][1].slug


def enclosure(draft: Draft) -> str | None:
    """Return the URL of the entry's first enclosure."""
    files = draft.details.get("enclosures")
    return files[0]["url"] if isinstance(files, list) and files else None


def _left(lost: Sequence[Lost], taken: set[Story]) -> list[Lost]:
    return [each for each in lost if each.kept.id not in taken]


def _only_pairs(clue: _Clue, strays: Sequence[Draft], lost: Sequence[Lost]) -> list[tuple[Draft, Lost]]:
    """Return the pairs that share a clue which nobody else has."""
    if not strays or not lost:
        return []
    old: defaultdict[Hashable, list[Lost]] = defaultdict(list)
    new: defaultdict[Hashable, list[Draft]] = defaultdict(list)
    for entry in lost:
        old[clue.of_lost(entry)].append(entry)
    for draft in strays:
        new[clue.of_draft(draft)].append(draft)
    pairs = [
        (new[mark][0], entries[0])
        for mark, entries in old.items()
        if mark is not None and len(entries) == 1 and len(new.get(mark, ())) == 1
    ]
    return [(draft, entry) for draft, entry in pairs if clue.accepts(draft, entry.kept)]


def _edited(strays: Sequence[Draft], lost: Sequence[Lost]) -> dict[bytes, Met]:
    """Guid and link are made of the title, and the title was edited (ID-11)."""
    found: dict[bytes, Met] = {}
    left = [entry for entry in lost if entry.kept.published_at is not None]
    dated = [draft for draft in strays if draft.published_at is not None]
    if len(dated) * len(left) > _MOST_PAIRS:
        return found
    for draft in dated:
        entry = next((each for each in left if _is_edit(draft, each.kept)), None)
        if entry is not None and len(found) < _MOST_EDITS:
            left.remove(entry)
            found[draft.identity.guid_hash] = Met(story=entry.kept.id, reason="edited-title", confidence=0.75)
    return found


def _is_edit(draft: Draft, kept: Kept) -> bool:
    if not _within(draft.published_at, kept.published_at, _EDIT_WITHIN):
        return False
    if title_likeness(draft.title, kept.title) < _ALIKE or enclosure(draft) != kept.enclosure:
        return False
    if draft.published_at == kept.published_at and _has_time(draft.published_at):
        return True
    return word_count(draft.body_md) >= _FEW_WORDS and body_likeness(draft.body_md, kept.body_md) >= _THE_SAME


def _within(one: datetime | None, other: datetime | None, span: timedelta, *, undated: bool = False) -> bool:
    return undated if one is None or other is None else abs(one - other) <= span


def _has_time(date: datetime | None) -> bool:
    """Whether a date says more than the day."""
    return date is not None and bool(date.minute or date.second)


def _not_unlike(draft: Draft, kept: Kept) -> bool:
    if draft.published_at is not None and draft.published_at == kept.published_at:
        return True
    return title_likeness(draft.title, kept.title) >= 0.5


def _title_and_date(title: str, date: datetime | None) -> Hashable | None:
    if date is None:
        return None
    plain = plain_title(title)
    return (plain, date) if plain else None


_CLUES = (
    _Clue(
        "guid-path",
        0.95,
        lambda draft: beyond_host(draft.identity.guid),
        lambda lost: beyond_host(lost.glimpse.guid),
        _not_unlike,
    ),
    _Clue(
        "link-path",
        0.9,
        lambda draft: beyond_host(draft.identity.canonical_source),
        lambda lost: beyond_host(lost.glimpse.link or lost.kept.source),
        _not_unlike,
    ),
    _Clue("enclosure", 0.9, enclosure, lambda lost: lost.kept.enclosure, _not_unlike),
    _Clue(
        "title-and-date",
        0.85,
        lambda draft: _title_and_date(draft.title, draft.published_at),
        lambda lost: _title_and_date(lost.kept.title, lost.kept.published_at),
        _not_unlike,
    ),
    _Clue(
        "title-and-text",
        0.8,
        lambda draft: plain_title(draft.title) or None,
        lambda lost: plain_title(lost.kept.title) or None,
        same_words,
    ),
)
