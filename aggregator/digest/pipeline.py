"""One document, from bytes to drafts. No clock, no network, no store: all of it comes in the job."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple

from aggregator.digest.full_text import Filled, filled, waiting, wanted, with_result
from aggregator.digest.job import DigestJob
from aggregator.enrich import enrich
from aggregator.enrich.custom import CustomEnrichers, Story
from aggregator.enrich.minhash import signature
from aggregator.model import Article, Digest, Draft, Dropped, Enrichment, Entry, Identity, ParsedFeed, Unreadable
from aggregator.normalize.article import normalize_all
from aggregator.normalize.hashes import content_hash, entry_hash
from aggregator.normalize.identity import identify
from aggregator.normalize.slug import slugify, with_suffix
from aggregator.normalize.standing import without_standing
from aggregator.parse import parse
from aggregator.parse.parts import united
from aggregator.rules.judge import Subject, Verdict, judge
from aggregator.url.targets import is_unresolved

_ONE_MOMENT = timedelta(minutes=2)


class _Fresh(NamedTuple):
    """An entry that is new, or not as it was."""

    entry: Entry
    identity: Identity
    stated: bytes


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
    fresh: list[_Fresh] = []
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
            fresh.append(_Fresh(entry, identity, stated))
    results = [] if job.pages is None else _filled(fresh, job)
    drafts, dropped = _read(fresh, parsed, job, custom := CustomEnrichers(job.custom))
    if results:
        by_guid = {each.identity.guid_hash: result for each, result in zip(fresh, results, strict=True)}
        drafts = tuple(with_result(draft, by_guid[draft.identity.guid_hash]) for draft in drafts)
    return Digest(
        format=parsed.format,
        title=parsed.title,
        language=parsed.language,
        hints=parsed.hints,
        drafts=drafts,
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
        dropped=dropped,
        hubs=parsed.hubs,
        topic=parsed.topic,
        failures=custom.failures,
        pages=wanted(drafts, known, parsed.link) if job.full_text and job.pages is None else (),
        pages_read=sum(result is not None and result.is_read for result in results),
        pages_missed=sum(result is not None and not result.is_read for result in results),
        pages_waiting=waiting(results),
    )


def _filled(fresh: list[_Fresh], job: DigestJob) -> list[Filled | None]:
    """Put what pages say into the entries, and return what came of it, entry by entry."""
    results: list[Filled | None] = []
    for at, (entry, identity, stated) in enumerate(fresh):
        result = filled(entry, stated, job.known.get(identity.guid_hash), job.pages or {})
        if result is not None:
            fresh[at] = _Fresh(result.entry, identity, result.entry_hash)
        results.append(result)
    return results


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


def _read(
    fresh: Sequence[_Fresh], parsed: ParsedFeed, job: DigestJob, custom: CustomEnrichers
) -> tuple[tuple[Draft, ...], tuple[Dropped, ...]]:
    """Return the drafts of entries, and those that a rule drops before anything more is found out about them."""
    articles = without_standing(normalize_all([each.entry for each in fresh], job.boilerplate))
    if not job.rules:
        return tuple(_drafts(fresh, articles, [()] * len(fresh), parsed, job=job, custom=custom)), ()
    verdicts = _verdicts(fresh, articles, job)
    kept = [(each, verdict) for each, verdict in zip(fresh, verdicts, strict=True) if verdict.dropped_by is None]
    drafts = _drafts(
        [each for each, _ in kept],
        [verdict.article for _, verdict in kept],
        [verdict.tags for _, verdict in kept],
        parsed,
        job=job,
        custom=custom,
    )
    return (
        tuple(_noted(draft, verdict) for draft, (_, verdict) in zip(drafts, kept, strict=True)),
        tuple(
            Dropped(identity=each.identity, entry_hash=each.stated)
            for each, verdict in zip(fresh, verdicts, strict=True)
            if verdict.dropped_by is not None
        ),
    )


def _verdicts(fresh: Iterable[_Fresh], articles: Iterable[Article], job: DigestJob) -> list[Verdict]:
    feeds = (job.feed_url, job.feed_name) if job.feed_name else (job.feed_url,)
    return [
        judge(Subject(feeds=feeds, categories=entry.categories, authors=entry.authors, article=article), job.rules)
        for (entry, _, _), article in zip(fresh, articles, strict=True)
    ]


def _noted(draft: Draft, verdict: Verdict) -> Draft:
    if not verdict.changed_by:
        return draft
    tags = {"tags": verdict.tags} if verdict.tags else {}
    return replace(draft, details={**draft.details, **tags, "rules": verdict.changed_by})


def _drafts(
    fresh: Sequence[_Fresh],
    articles: Sequence[Article],
    tags: Sequence[tuple[str, ...]],
    parsed: ParsedFeed,
    *,
    job: DigestJob,
    custom: CustomEnrichers,
) -> Iterator[Draft]:
    """Yield the drafts of entries. Step by step for all of them: each step's tables stay in the processor's cache."""
    stamped = _is_stamped(parsed.entries)
    findings = [
        enrich(
            article,
            language=entry.language or parsed.language,
            categories=entry.categories,
            tags=added,
            enabled=job.enabled,
            vocabulary=job.vocabulary,
            pipelines=job.pipelines,
        )
        for article, (entry, _, _), added in zip(articles, fresh, tags, strict=True)
    ]
    for each, article, found in zip(fresh, articles, findings, strict=True):
        signed = signature(article.text or article.summary) if "near-duplicates" in job.enabled else None
        draft = _assemble(each, article, found, edited_at=None if stamped else each.entry.updated, signed=signed)
        own = custom.of(_story(draft, article)) if custom.are_any else {}
        yield replace(draft, details={**draft.details, "custom": own}) if own else draft


def _story(draft: Draft, article: Article) -> Story:
    """Return what enrichers of the operator's own are given."""
    return Story(
        title=article.title,
        text=article.text,
        summary=draft.summary,
        lang=draft.lang,
        url=draft.identity.canonical_source,
        published_at=draft.published_at,
        topics=draft.topics,
        entities=draft.entities,
    )


def _assemble(
    fresh: _Fresh, article: Article, found: Enrichment, *, edited_at: datetime | None, signed: bytes | None
) -> Draft:
    entry, identity, stated = fresh
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
        signature=signed,
        details=_details(entry, identity, article, found),
    )


def _details(entry: Entry, identity: Identity, article: Article, found: Enrichment) -> dict[str, object]:
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
        "entity_kinds": dict(found.kinds),
        "provenance": dict(found.provenance),
        "boilerplate": article.boilerplate,
        "flags": article.flags,
    }
    return {name: value for name, value in details.items() if value}
