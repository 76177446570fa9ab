"""What an entry's new wording makes of its record: a revision, a touch that nobody notices, or nothing."""

from dataclasses import replace

from aggregator.model import Draft
from aggregator.store.likeness import host, is_cut_short
from aggregator.store.planned import Kept, TouchedRecord, UpdatedRecord

MOST_CHURN = 24  # revisions of one story that no newer date of an edit called for (DD-02)


def edit(draft: Draft, kept: Kept) -> UpdatedRecord | TouchedRecord | None:
    """Return what becomes of a record when the entry that owns it says ``draft``.

    A newer date of an edit alone is noted and no revision (DD-05); nor is a site's move to another host, which
    changes every link to itself. Without such a date a text that is cut short does not replace the whole one (DD-04),
    and a text that changes all the time is let go after MOST_CHURN revisions (DD-02). A story that was retracted and
    is back is always a revision; so is one that was split off another, and has no words of its own yet. While a page
    cannot be read, the body that it gave stays.
    """
    if draft.lacks_page and kept.content_hash and not kept.retracted and len(draft.body_md) < len(kept.body_md):
        if draft.title == kept.title:
            return None
        draft = replace(draft, body_md=kept.body_md)
    dated = draft.edited_at is not None and kept.edited_at is not None and draft.edited_at > kept.edited_at
    if kept.retracted or not kept.content_hash:
        return UpdatedRecord(draft=draft, kept=kept, churn=kept.churn + 1)
    if draft.content_hash == kept.content_hash or _reads_the_same(draft, kept):
        same = draft.content_hash == kept.content_hash
        return None if same and not dated else TouchedRecord(draft=draft, kept=kept)
    if dated:
        return UpdatedRecord(draft=draft, kept=kept, churn=kept.churn)
    return _undated(draft, kept)


def _undated(draft: Draft, kept: Kept) -> UpdatedRecord | None:
    if kept.churn >= MOST_CHURN:
        return None
    if is_cut_short(draft.body_md, kept.body_md):
        if draft.title == kept.title:
            return None
        draft = replace(draft, body_md=kept.body_md)
    return UpdatedRecord(draft=draft, kept=kept, churn=kept.churn + 1)


def _reads_the_same(draft: Draft, kept: Kept) -> bool:
    """Whether title and body are the same, but for the name of the host that the story has moved to."""
    if draft.title != kept.title:
        return False
    before, after = host(kept.source), host(draft.identity.canonical_source)
    return _on_host(kept.body_md, before, after) == _on_host(draft.body_md, before, after)


def _on_host(body: str, before: str, after: str) -> str:
    if before == after or not before or not after:
        return body
    for scheme in ("http://", "https://"):
        body = body.replace(f"{scheme}{before}", f"https://{after}").replace(f"{scheme}{after}", f"https://{after}")
    return body
