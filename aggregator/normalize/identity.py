"""What tells one entry from all others: within its feed by its guid, across feeds by its link.

A *match key* makes two links one story. It cannot do that for links that lead to no story in particular:

- to the feed's home page, or to a bare host;
- to a page that several entries of the document share, although their guids and titles differ (changelogs, "now"
  pages, podcasts), or their fragments and titles where they have no guids (UR-15);
- to a page that three titles share, where neither guid nor fragment tells anything (a list of an author's articles that
  all lead to the author). Two titles of one page and guid are rather two versions of one story.

The key of such an entry ends in ``#`` and a hash of the first of guid, fragment and title that it has, so that it stays
a record of its own. Its ``canonical_source`` remains the link.
"""

import hashlib
import re
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from aggregator.model import Content, Entry, Identity
from aggregator.text.plain import one_line
from aggregator.url.check import split_url, web_url
from aggregator.url.clean import match_key
from aggregator.url.parts import telling_fragment

# What publishing software writes where it has no guid (ID-07).
_NO_GUID = re.compile(r"(?:n/?a|none|null|nil|undefined|unknown|false|true|guid|id|-+|\.+|0+|#+|\?+)?", re.IGNORECASE)
_NO_VERSIONS = 3  # titles: versions of one story have two at most


class _Candidate(NamedTuple):
    entry: Entry
    guid: str  # "" where there is none to trust
    source: str
    key: str
    title: str


def identify(
    entries: Sequence[Entry],
    *,
    feed_url: str,
    home: str | None,
    link_identity: bool,
    window: Collection[bytes] = (),
) -> tuple[tuple[Identity | None, ...], bool]:
    """Return who each entry is, in order, and whether this feed's guids must be ignored from now on.

    None for an entry that has neither link, guid, enclosure, title nor content. Guids are ignored for good once the
    same guid stands in one document for entries with different keys (ID-08); ``link_identity`` says that this has
    happened before. Entries that repeat each other have equal identities (ID-22). ``feed_url`` is the feed as
    configured: guids and URL-less identities mean nothing outside their feed (ID-09). ``window`` are the guid hashes of
    the document as last read: an entry that was told from others by its title there is told so again, although the
    others are gone.
    """
    sites = frozenset(site.host.lower() for url in (feed_url, home) if url and (site := split_url(url)))
    candidates = [_candidate(entry, feed_url, sites, trust_guid=not link_identity) for entry in entries]
    if not link_identity and _has_shared_guid(candidates, feed_url):
        candidates = [_candidate(entry, feed_url, sites, trust_guid=False) for entry in entries]
        link_identity = True
    shared = _shared_pages(candidates)
    home_key = match_key(home, sites=sites) if home else None
    shared |= {each.key for each in candidates if each and not each.guid and key_hash(_marked(each)) in window}
    return tuple(each and _identity(each, shared, home_key) for each in candidates), link_identity


def key_hash(key: str) -> bytes:
    """Return what stands for the guid of an entry that has none: 16 bytes."""
    return _hash("key", key)


def _candidate(entry: Entry, feed_url: str, sites: frozenset[str], *, trust_guid: bool) -> _Candidate | None:
    guid = (entry.guid or "").strip() if trust_guid else ""
    if _NO_GUID.fullmatch(guid):
        guid = ""
    source = _url(entry) or _urn(entry, guid, feed_url)
    if source is None:
        return None
    return _Candidate(entry, guid, source, match_key(source, sites=sites), _text(entry.title))


def _url(entry: Entry) -> str | None:
    """The link, a guid that is a URL, the first enclosure: never a made-up link (ID-06)."""
    if entry.link:
        return entry.link
    guid_url = web_url(entry.guid) if entry.guid else None
    return guid_url or next((each.url for each in entry.enclosures), None)


def _urn(entry: Entry, guid: str, feed_url: str) -> str | None:
    title, date = _text(entry.title), entry.published.isoformat() if entry.published else entry.published_raw
    body = (entry.content or entry.summary or Content(value="", html=False, base="")).value
    if guid:
        name = f"guid\n{guid}"
    elif title and date:
        name = f"date\n{title}\n{date}"
    elif title or body:
        name = f"content\n{title}\n{body}"
    else:
        return None
    return uuid.UUID(bytes=_hash("urn", f"{feed_url}\n{name}"), version=5).urn


def _has_shared_guid(candidates: Sequence[_Candidate | None], feed_url: str) -> bool:
    keys: dict[str, str] = {}
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for each in candidates:
        if each is None or not each.guid:
            continue
        # Without a URL the key is the guid's own: what the entry says has to tell them apart.
        key = each.key if _url(each.entry) else _urn(each.entry, "", feed_url) or ""
        titles[each.guid].add(each.title)
        if keys.setdefault(each.guid, key) != key or len(titles[each.guid]) >= _NO_VERSIONS:
            return True
    return False


def _shared_pages(candidates: Sequence[_Candidate | None]) -> frozenset[str]:
    """The keys that several different stories of this document have."""
    marks: defaultdict[str, set[str]] = defaultdict(set)
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for each in candidates:
        if each is not None:
            titles[each.key].add(each.title)
            if mark := each.guid or telling_fragment(each.source):
                marks[each.key].add(mark)
    return frozenset(
        key
        for key in titles
        if (len(marks[key]) > 1 and len(titles[key]) > 1) or (not marks[key] and len(titles[key]) >= _NO_VERSIONS)
    )


def _marked(candidate: _Candidate) -> str:
    """The key with what else the entry has to be told by, where it has any."""
    mark = candidate.guid or telling_fragment(candidate.source) or candidate.title
    return f"{candidate.key}#{_hash('mark', mark).hex()[:12]}" if mark else candidate.key


def _identity(candidate: _Candidate, shared: frozenset[str], home_key: str | None) -> Identity:
    entry, guid, source, key, _ = candidate
    if key in shared or key == home_key or _is_bare_host(key):
        key = _marked(candidate)
    return Identity(
        guid=guid or None,
        guid_hash=_hash("guid", guid) if guid else key_hash(key),
        match_key=key,
        canonical_source=source,
        link=entry.link,
    )


def _is_bare_host(key: str) -> bool:
    return not key.startswith("urn:") and not any(mark in key for mark in "/?#")


def _text(content: Content | None) -> str:
    return one_line(content.value) if content else ""


def _hash(kind: str, value: str) -> bytes:
    return hashlib.blake2b(f"{kind}\x00{value}".encode(errors="surrogatepass"), digest_size=16).digest()
