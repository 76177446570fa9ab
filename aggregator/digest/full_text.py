"""Entries made whole by their pages: which pages to ask for, and what becomes of an entry with what came of that."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from aggregator.model import Content, Draft, Entry, Identity, Missed, Page
from aggregator.normalize.article import normalize

MOST_TRIES = 3  # of a page that could not be had for now, each at another poll
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """An entry with what is known of its page."""

    entry: Entry
    entry_hash: bytes
    page: str  # the page's address
    result: str  # "read", or why the body is the feed's own
    lacks_page: bool = False

    @property
    def is_read(self) -> bool:
        """Whether the body is that of the page."""
        return self.result == "read"


def wanted(drafts: Collection[Draft], known: Iterable[Identity], home: str | None) -> tuple[str, ...]:
    """Return the pages of drafts, the newest first.

    A link that it shares with another entry, or that leads to the site's front page, is no entry's own page.
    """
    shared = Counter(identity.link for identity in (*known, *(draft.identity for draft in drafts)))
    newest = sorted(drafts, key=lambda draft: draft.published_at or _NEVER, reverse=True)
    links = (draft.identity.link for draft in newest)
    return tuple(link for link in links if link and shared[link] == 1 and link != home)


def filled(entry: Entry, stated: bytes, before: bytes | None, pages: Mapping[str, Page | Missed]) -> Filled | None:
    """Return the entry with its page, None where none was wanted. ``before`` is its entry hash as last kept.

    A page says more than the feed, or it is left. One that may be had later leaves an entry hash that will not be met,
    so that the entry is looked at again: the hash says for how many polls that has been so.
    """
    page = pages.get(entry.link or "")
    if page is None or entry.link is None:
        return None
    if isinstance(page, Missed):
        return _missed(entry, entry.link, stated, before, page)
    body = Content(value=page.markup, html=True, base=page.url)
    own = normalize(entry).text
    if len(page.text) < len(own):
        return Filled(entry=entry, entry_hash=stated, page=page.url, result="shorter than in the feed")
    return Filled(entry=replace(entry, content=body), entry_hash=stated, page=page.url, result="read")


def with_result(draft: Draft, result: Filled | None) -> Draft:
    """Return the draft with where its body is from in its details."""
    if result is None:
        return draft
    stated = draft.details.get("provenance")
    fields = dict(stated) if isinstance(stated, Mapping) else {}
    provenance = {"body_md": "page" if result.is_read else "feed", **fields}
    page = {"url": result.page, "result": result.result}
    return replace(
        draft, details={**draft.details, "provenance": provenance, "page": page}, lacks_page=result.lacks_page
    )


def waiting(results: Sequence[Filled | None]) -> int:
    """Return how many entries are to be looked at again."""
    return sum(result is not None and result.lacks_page for result in results)


def _missed(entry: Entry, link: str, stated: bytes, before: bytes | None, page: Missed) -> Filled:
    tries = _tries(stated, before) + page.asked
    again = page.temporary and tries < MOST_TRIES
    return Filled(
        entry=entry,
        entry_hash=_unmet(stated, tries) if again else stated,
        page=link,
        result=page.reason,
        lacks_page=again,
    )


def _tries(stated: bytes, before: bytes | None) -> int:
    return next((tries for tries in range(MOST_TRIES) if before == _unmet(stated, tries)), 0)


def _unmet(stated: bytes, tries: int) -> bytes:
    return hashlib.blake2b(stated, digest_size=len(stated), person=b"page", salt=bytes([tries])).digest()
