"""Topics and entities of labelled entries beside what a reader gave them."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aggregator.enrich import enrich
from aggregator.model import Article, Enrichment
from aggregator.normalize.article import normalize
from bench.label_files import Labelled, Name, Source, find

EXTENT = 1200  # characters of the text: what the reader read, so what the enrichers are given
ENABLED = frozenset({"language", "summary", "topics", "entities"})
_NOT_IN_NAMES = re.compile(r"[^\w+#]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was right and wrong with one kind of value of one entry. Precision is of right and allowed ones."""

    found: tuple[str, ...]
    allowed: tuple[str, ...]  # neither demanded nor wrong
    wrong: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One entry judged."""

    label: Labelled
    title: str
    topics: Verdict
    entities: Verdict
    first: bool | None  # whether the most salient entity agrees; None where either names none
    order: float | None  # nDCG of the entities


def judge(label: Labelled) -> Judged:
    """Return what the enrichers find in the entry, judged by its label."""
    source = find(label.place)
    article = _read_part(normalize(source.entry))
    said = enriched(article, source)
    whole = key(f"{article.title} {article.summary} {article.text} {' '.join(source.entry.categories)}")
    wanted = [name for name in label.entities if _is_in(whole, name)]
    allowed = [name for name in label.also_entities if _is_in(whole, name)]
    ranks = [_rank(entity, wanted) for entity in said.entities]
    return Judged(
        label=label,
        title=article.title,
        topics=_topics(label, said.topics),
        entities=_entities(said.entities, ranks, wanted, allowed),
        first=ranks[0] == 0 if wanted and ranks else None,
        order=_ndcg([rank for rank in ranks if rank is not None], len(wanted)) if wanted else None,
    )


def enriched(article: Article, source: Source) -> Enrichment:
    """Return what all enrichers say."""
    return enrich(article, language=source.language, categories=source.entry.categories, enabled=ENABLED)


def key(name: str) -> str:
    """Return what names are compared by: no case, no marks, no "the" before and no "'s" behind."""
    bare = name.casefold().replace("’", "'").removesuffix("'s")
    return _NOT_IN_NAMES.sub(" ", bare).strip().removeprefix("the ")


def precision(verdicts: Iterable[Verdict], *, strict: bool = False) -> float | None:
    """Return the share of values that are right; allowed ones are, unless ``strict``. None where there are none."""
    right = sure = wrong = 0
    for each in verdicts:
        right += len(each.found) + len(each.allowed)
        sure += len(each.found)
        wrong += len(each.wrong)
    return (sure if strict else right) / (right + wrong) if right + wrong else None


def recall(verdicts: Iterable[Verdict]) -> float | None:
    """Return the share of demanded values that were found."""
    found = wanted = 0
    for each in verdicts:
        found += len(each.found)
        wanted += len(each.found) + len(each.missed)
    return found / wanted if wanted else None


def _read_part(article: Article) -> Article:
    """The text up to the last space before the extent; up to the extent in scripts without spaces."""
    head = article.text[:EXTENT]
    if len(head) == len(article.text):
        return article
    end = max(head.rfind(" "), head.rfind("\n"))
    return replace(article, text=head[:end] if end > EXTENT - 100 else head)


def _is_in(whole: str, name: Name) -> bool:
    """Whether the text still says it: what stood in boilerplate is gone with it."""
    return any(key(form) in whole for form in name.forms)


def _topics(label: Labelled, said: Sequence[str]) -> Verdict:
    return Verdict(
        found=tuple(topic for topic in said if topic in label.topics),
        allowed=tuple(topic for topic in said if topic in label.also_topics),
        wrong=tuple(topic for topic in said if topic not in {*label.topics, *label.also_topics}),
        missed=tuple(topic for topic in label.topics if topic not in said),
    )


def _entities(
    said: Sequence[str], ranks: Sequence[int | None], wanted: Sequence[Name], allowed: Sequence[Name]
) -> Verdict:
    """A second form of an entity that was named already is wrong: it should have been one."""
    allowed_ranks = [_rank(entity, allowed) if rank is None else None for entity, rank in zip(said, ranks, strict=True)]
    found: list[str] = []
    also: list[str] = []
    wrong: list[str] = []
    for place, entity in enumerate(said):
        if ranks[place] is not None:
            (wrong if ranks[place] in ranks[:place] else found).append(entity)
        elif allowed_ranks[place] is not None:
            (wrong if allowed_ranks[place] in allowed_ranks[:place] else also).append(entity)
        else:
            wrong.append(entity)
    missed = tuple(name.forms[0] for rank, name in enumerate(wanted) if rank not in ranks)
    return Verdict(found=tuple(found), allowed=tuple(also), wrong=tuple(wrong), missed=missed)


def _rank(entity: str, names: Sequence[Name]) -> int | None:
    said = key(entity)
    return next((rank for rank, name in enumerate(names) if said in {key(form) for form in name.forms}), None)


def _ndcg(ranks: Sequence[int], wanted: int) -> float:
    """The gain of an entity falls with its rank in the label: all for the first, half for the second, …"""
    once = list(dict.fromkeys(ranks))
    ideal = sum(1 / (1 + rank) / math.log2(rank + 2) for rank in range(wanted))
    return sum(1 / (1 + rank) / math.log2(place + 2) for place, rank in enumerate(once)) / ideal
