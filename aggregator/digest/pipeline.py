"""One document, from bytes to drafts. No clock, no network, no store: all of it comes in the job."""

from collections.abc import Iterable
from datetime import datetime

from aggregator.digest.job import DigestJob
from aggregator.enrich import enrich
from aggregator.model import Digest, Draft, Dropped, Enrichment, Entry, Identity, ParsedFeed, Unreadable
from aggregator.normalize.article import normalize
from aggregator.normalize.hashes import content_hash, entry_hash
from aggregator.normalize.identity import identify
from aggregator.normalize.slug import slugify, with_suffix
from aggregator.parse import parse
from aggregator.parse.parts import united
from aggregator.rules.judge import Subject, Verdict, judge


def digest(job: DigestJob) -> Digest | Unreadable:
    """Return the document's drafts, less the entries that are known as they are."""
    parsed = _parsed(job)
    if isinstance(parsed, Unreadable):
        return parsed
    identities, link_identity = identify(
        parsed.entries, feed_url=job.feed_url, home=parsed.link, link_identity=job.link_identity
    )
    drafts: list[Draft] = []
    dropped: list[Dropped] = []
    known: list[Identity] = []
    seen: set[bytes] = set()
    for entry, identity in zip(parsed.entries, identities, strict=True):
        if identity is None or identity.guid_hash in seen:  # it says nothing, or it is there again (ID-22)
            continue
        seen.add(identity.guid_hash)
        stated = entry_hash(entry)
        if job.known.get(identity.guid_hash) == stated:
            known.append(identity)
            continue
        draft = _draft(entry, identity, stated, parsed, job)
        if draft is None:
            dropped.append(Dropped(identity=identity, entry_hash=stated))
        else:
            drafts.append(draft)
    return Digest(
        format=parsed.format,
        title=parsed.title,
        language=parsed.language,
        hints=parsed.hints,
        drafts=tuple(drafts),
        known=tuple(known),
        link_identity=link_identity,
        dates=_dates(parsed.entries, job.now),
        expected=len(job.known),
        met=len(seen & job.known.keys()),
        older=parsed.older,
        left_out=parsed.left_out,
        flaw=parsed.flaw,
        parts=parsed.parts,
        dropped=tuple(dropped),
    )


def _dates(entries: Iterable[Entry], now: datetime) -> tuple[datetime, ...]:
    """Return when entries were published, newest first; a date in the future tells nothing."""
    stated = (entry.published or entry.updated for entry in entries)
    return tuple(sorted((date for date in stated if date is not None and date <= now), reverse=True))


def _parsed(job: DigestJob) -> ParsedFeed | Unreadable:
    parsed = parse(job.body, url=job.url, content_type=job.content_type, now=job.now)
    if not job.parts or isinstance(parsed, Unreadable):
        return parsed
    parts = [parse(each.body, url=each.url, content_type=each.content_type, now=job.now) for each in job.parts]
    return united(parsed, parts)


def _draft(entry: Entry, identity: Identity, stated: bytes, parsed: ParsedFeed, job: DigestJob) -> Draft | None:
    """Return the entry's draft; None where a rule drops it, before anything more is found out about it."""
    verdict = _verdict(entry, job)
    if verdict.dropped_by is not None:
        return None
    found = enrich(
        verdict.article,
        language=entry.language or parsed.language,
        categories=(*verdict.tags, *entry.categories),
        enabled=job.enabled,
    )
    return _assemble(entry, identity, stated, verdict, found)


def _verdict(entry: Entry, job: DigestJob) -> Verdict:
    article = normalize(entry)
    if not job.rules:
        return Verdict(article=article)
    feeds = (job.feed_url, job.feed_name) if job.feed_name else (job.feed_url,)
    subject = Subject(feeds=feeds, categories=entry.categories, authors=entry.authors, article=article)
    return judge(subject, job.rules)


def _assemble(entry: Entry, identity: Identity, stated: bytes, verdict: Verdict, found: Enrichment) -> Draft:
    article = verdict.article
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
        details=_details(entry, verdict, found),
    )


def _details(entry: Entry, verdict: Verdict, found: Enrichment) -> dict[str, object]:
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
        "truncated": entry.truncated,
        "provenance": dict(found.provenance),
        "tags": verdict.tags,
        "rules": verdict.changed_by,
    }
    return {name: value for name, value in details.items() if value}
