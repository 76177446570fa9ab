"""One document, from bytes to drafts. No clock, no network, no store: all of it comes in the job."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from aggregator.digest.job import DigestJob
from aggregator.enrich import enrich
from aggregator.model import Article, Digest, Draft, Enrichment, Entry, Identity, ParsedFeed, Unreadable
from aggregator.normalize.article import normalize
from aggregator.normalize.hashes import content_hash, entry_hash
from aggregator.normalize.identity import identify
from aggregator.normalize.slug import slugify, with_suffix
from aggregator.parse import parse
from aggregator.parse.parts import united
from aggregator.url.targets import is_unresolved

_ONE_MOMENT = timedelta(minutes=2)


def digest(job: DigestJob) -> Digest | Unreadable:
    """Return the document's drafts, less the entries that are known as they are."""
    parsed = _parsed(job)
    if isinstance(parsed, Unreadable):
        return parsed
    identities, link_identity = identify(
        parsed.entries,
        feed_url=job.feed_url,
        home=parsed.link,
        link_identity=job.link_identity,
        window=job.known.keys(),
    )
    fresh: list[tuple[Entry, Identity, bytes]] = []
    known: list[Identity] = []
    seen: set[bytes] = set()
    for entry, identity in zip(parsed.entries, identities, strict=True):
        if identity is None or identity.guid_hash in seen:  # it says nothing, or it is there again (ID-22)
            continue
        seen.add(identity.guid_hash)
        stated = entry_hash(entry)
        if job.known.get(identity.guid_hash) == stated:
            known.append(identity)
        else:
            fresh.append((entry, identity, stated))
    return Digest(
        format=parsed.format,
        title=parsed.title,
        language=parsed.language,
        hints=parsed.hints,
        drafts=tuple(_drafts(fresh, parsed, job.enabled)),
        known=tuple(known),
        link_identity=link_identity,
        dates=_dates(parsed.entries, job.now),
        expected=len(job.known),
        met=len(seen & job.known.keys()),
        older=parsed.older,
        left_out=parsed.left_out,
        flaw=parsed.flaw,
        parts=parsed.parts,
        chronological=not job.parts and _is_chronological(parsed.entries),
    )


def _dates(entries: Iterable[Entry], now: datetime) -> tuple[datetime, ...]:
    """Return when entries were published, newest first; a date in the future tells nothing."""
    stated = (entry.published or entry.updated for entry in entries)
    return tuple(sorted((date for date in stated if date is not None and date <= now), reverse=True))


def _is_chronological(entries: Sequence[Entry]) -> bool:
    """Whether the entries are dated and in that order, either way."""
    dates = [entry.published for entry in entries if entry.published is not None]
    return len(dates) == len(entries) and dates in (sorted(dates), sorted(dates, reverse=True))


def _is_stamped(entries: Sequence[Entry]) -> bool:
    """Whether the dates of edits are but the moment at which the document was made: the same for all (DD-02)."""
    dates = [entry.updated for entry in entries if entry.updated is not None]
    return len(dates) > 2 and max(dates) - min(dates) < _ONE_MOMENT


def _parsed(job: DigestJob) -> ParsedFeed | Unreadable:
    parsed = parse(job.body, url=job.url, content_type=job.content_type, now=job.now)
    if not job.parts or isinstance(parsed, Unreadable):
        return parsed
    parts = [parse(each.body, url=each.url, content_type=each.content_type, now=job.now) for each in job.parts]
    return united(parsed, parts)


def _drafts(
    fresh: Sequence[tuple[Entry, Identity, bytes]], parsed: ParsedFeed, enabled: frozenset[str]
) -> Iterator[Draft]:
    """Yield the drafts of entries. Step by step for all of them: each step's tables stay in the processor's cache."""
    stamped = _is_stamped(parsed.entries)
    articles = [normalize(entry) for entry, _, _ in fresh]
    findings = [
        enrich(article, language=entry.language or parsed.language, categories=entry.categories, enabled=enabled)
        for article, (entry, _, _) in zip(articles, fresh, strict=True)
    ]
    for (entry, identity, stated), article, found in zip(fresh, articles, findings, strict=True):
        yield _assemble(entry, identity, stated, article, found, edited_at=None if stamped else entry.updated)


def _assemble(
    entry: Entry, identity: Identity, stated: bytes, article: Article, found: Enrichment, *, edited_at: datetime | None
) -> Draft:
    slug = slugify(article.title, identity.match_key)
    return Draft(
        identity=identity,
        entry_hash=stated,
        content_hash=content_hash(article),
        slug=slug,
        slug_unique=with_suffix(slug, identity.match_key),
        title=article.title,
        summary=found.summary,
        body_md=article.body_md,
        published_at=entry.published,
        lang=found.lang,
        topics=found.topics,
        entities=found.entities,
        edited_at=edited_at,
        details=_details(entry, identity, found),
    )


def _details(entry: Entry, identity: Identity, found: Enrichment) -> dict[str, object]:
    """Return what the record does not show, without what is empty; JSON-ready."""
    details = {
        "authors": entry.authors,
        "categories": entry.categories,
        "enclosures": [{"url": each.url, "type": each.type, "length": each.length} for each in entry.enclosures],
        "image": entry.image,
        "updated": entry.updated and entry.updated.isoformat(),
        "published_raw": entry.published_raw,
        "date_flags": entry.date_flags,
        "source": entry.source_url,
        "unresolved": is_unresolved(identity.canonical_source),
        "truncated": entry.truncated,
        "provenance": dict(found.provenance),
    }
    return {name: value for name, value in details.items() if value}
