"""What enrichers find out about a stored record by the rules, models and words of today. Pure; run by the workers."""

from collections.abc import Set as AbstractSet

from aggregator.digest.job import RenewJob
from aggregator.enrich import enrich
from aggregator.enrich.editions import FIELDS, pipeline_for, sources
from aggregator.model import Article, Enrichment, Renewal, Stored
from aggregator.text.boilerplate import without_boilerplate
from aggregator.text.markdown import text_of

# Who else may have said something: the feed of its own summary, a page, a language model.
_OURS = ("rules/", "model/", "spacy:")
_BREAK = "\n\n"


def renewed(job: RenewJob) -> Renewal | None:
    """Return what the enrichers of the job find; None where those of today have been asked already.

    What a language model said stays; so does a summary that the feed gave, as what else the feed gave is not kept.
    Where the language turns out to be another one, topics and entities are found anew in it.
    """
    due = _due(job)
    if not due:
        return None
    found = _found(job, due)
    if "language" in due and found.lang != job.stored.record.lang:
        due |= {each for each in ("topics", "entities") if _is_ours(job.stored.provenance.get(each))}
        found = _found(job, due)
    return _renewal(job.stored, {FIELDS[each] for each in due}, found)


def _due(job: RenewJob) -> AbstractSet[str]:
    stored = job.stored
    today = sources(job.vocabulary, pipeline_for(stored.record.lang, job.pipelines))
    wanted = {each for each in job.enrichers if each in FIELDS}
    return {each for each in wanted if _is_due(each, stored, today[FIELDS[each]])}


def _is_due(enricher: str, stored: Stored, today: str) -> bool:
    source = stored.provenance.get(FIELDS[enricher])
    if enricher == "summary":
        return _is_ours(source) and source != today if stored.record.summary else source != today
    return source in {None, "feed"} or (_is_ours(source) and source != today)


def _is_ours(source: str | None) -> bool:
    return (source or "").startswith(_OURS)


def _found(job: RenewJob, due: AbstractSet[str]) -> Enrichment:
    record = job.stored.record
    return enrich(
        _article(job, is_summary_due="summary" in due),
        language=record.lang,
        categories=job.stored.categories,
        tags=job.stored.tags,
        enabled=due,
        vocabulary=job.vocabulary,
        pipelines=job.pipelines,
    )


def _article(job: RenewJob, *, is_summary_due: bool) -> Article:
    record = job.stored.record
    text = without_boilerplate(text_of(record.body_md), job.boilerplate)
    for _ in range(job.stored.standing):
        text = text.rpartition(_BREAK)[0] or text
    # Without a text it was made of the feed's own, however that was shortened.
    summary = record.summary if not (is_summary_due and text) else ""
    return Article(title=record.title, body_md=record.body_md, text=text, summary=summary)


def _renewal(stored: Stored, fields: AbstractSet[str], found: Enrichment) -> Renewal | None:
    said = {field: source for field, source in found.provenance.items() if field in fields and source != "feed"}
    changed = {field: getattr(found, field) for field in said if getattr(found, field) != getattr(stored.record, field)}
    if not said:
        return None
    return Renewal(
        record=stored.record,
        revision=stored.revision,
        changed=changed,
        sources=said,
        kinds=dict(found.kinds) if "entities" in said else None,
    )
