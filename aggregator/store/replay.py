"""What documents that are read again change, decided without touching the store.

Only words change: no story comes, goes, returns or becomes another one. A record is reworded by the entry that gave it
its words, as the first document has it that was read then or later: the version that those words are of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.model import Digest, Draft, FeedId, Record, RecordId
from aggregator.store.edits import MOST_CHURN
from aggregator.store.likeness import is_cut_short, word_count
from aggregator.store.planned import Kept, Known, Plan, UpdatedRecord
from aggregator.store.raw import Told

_MODEL = "llm:"  # and its name, as refining says in a record's provenance


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewording:
    """A record as it is and as it would be."""

    before: Record
    after: Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What reading a document again comes to."""

    plan: Plan
    rewordings: tuple[Rewording, ...]
    settled: frozenset[bytes]  # guid hashes of entries of which later documents have nothing to say


def plan_replay(
    digest: Digest, known: Known, told: Mapping[RecordId, Told], feed_id: FeedId, read_at: datetime
) -> Replayed:
    """Return what the digest of a document of that feed changes, which was first read at ``read_at``.

    ``told`` has the records of its entries. Applied once, planning the same digest again changes nothing.
    """
    updated: list[UpdatedRecord] = []
    rewordings: list[Rewording] = []
    settled: set[bytes] = set()
    for draft in digest.drafts:
        kept = _owned(draft, known, feed_id)
        if kept is not None and told[kept.id].at > read_at:  # it was edited since then
            continue
        settled.add(draft.identity.guid_hash)
        if kept is None or not _may_reword(draft, kept, told[kept.id], read_at):
            continue
        worded, before = _worded(draft, told[kept.id]), told[kept.id].record
        after = _reworded(before, worded)
        if after != before or worded.details.get("custom") not in (None, told[kept.id].custom):
            updated.append(UpdatedRecord(draft=worded, kept=kept, churn=kept.churn))
            rewordings.append(Rewording(before=before, after=after))
    plan = Plan(updated=tuple(updated), replay_of=read_at)
    return Replayed(plan=plan, rewordings=tuple(rewordings), settled=frozenset(settled))


def _owned(draft: Draft, known: Known, feed_id: FeedId) -> Kept | None:
    """Return the record that has its words of this entry, if it is told still."""
    record = known.by_guid.get(draft.identity.guid_hash)
    kept = None if record is None else known.kept[record]
    if kept is None or kept.retracted or not kept.content_hash:
        return None
    return kept if (kept.feed_id, kept.guid_hash) == (feed_id, draft.identity.guid_hash) else None


def _may_reword(draft: Draft, kept: Kept, told: Told, read_at: datetime) -> bool:
    """Whether the entry is for certain the version that the record has.

    A page's body is reworded by that page alone. Of a document that came later, what polling would not take is not.
    """
    if told.provenance.get("body_md") == "page" and _provenance(draft).get("body_md") != "page":
        return False
    return told.at == read_at or (kept.churn < MOST_CHURN and not is_cut_short(draft.body_md, kept.body_md))


def _provenance(draft: Draft) -> Mapping[str, str]:
    stated = draft.details.get("provenance")
    return stated if isinstance(stated, Mapping) else {}


def _worded(draft: Draft, told: Told) -> Draft:
    """Return the draft, with what the record has that is better.

    That is the body of an earlier version where that was kept for it (DD-04), and what a model has found out: it is
    asked again only where title or body change, as with an edit.
    """
    record, same = told.record, draft.content_hash == told.content_hash
    cut_short = is_cut_short(draft.body_md, record.body_md) and word_count(draft.body_md) < word_count(record.body_md)
    if same and cut_short:
        draft = replace(draft, body_md=record.body_md)
    refined = {field: source for field, source in told.provenance.items() if source.startswith(_MODEL)}
    if not refined or (draft.title, draft.body_md) != (record.title, record.body_md):
        return draft
    details = {**draft.details, "provenance": {**_provenance(draft), **refined}}
    return replace(draft, details=details, **{field: getattr(record, field) for field in refined})


def _reworded(record: Record, draft: Draft) -> Record:
    return replace(
        record,
        title=draft.title,
        summary=draft.summary,
        body_md=draft.body_md,
        published_at=record.published_at or draft.published_at,
        lang=draft.lang,
        topics=tuple(draft.topics),
        entities=tuple(draft.entities),
    )
