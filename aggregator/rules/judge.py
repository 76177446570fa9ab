"""What the rules say of one entry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aggregator.model import Article, Pattern, Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """An entry as rules see it."""

    feeds: tuple[str, ...]  # the URL of its feed, and its name
    categories: tuple[str, ...]
    authors: tuple[str, ...]
    article: Article


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of it."""

    article: Article
    tags: tuple[str, ...] = ()
    dropped_by: str | None = None
    changed_by: tuple[str, ...] = ()  # names of rules


def judge(subject: Subject, rules: Iterable[Rule]) -> Verdict:
    """Return what the rules say, in their order. The first that keeps or drops has the last word.

    What a rule rewrote, the ones after it see. A title is never rewritten to nothing.
    """
    verdict = Verdict(article=subject.article)
    for rule in rules:
        if not _fits(rule, replace(subject, article=verdict.article)):
            continue
        if rule.action == "keep":
            break
        if rule.action == "drop":
            return replace(verdict, dropped_by=rule.name)
        verdict = _tagged(verdict, rule) if rule.action == "tag" else _rewritten(verdict, rule)
    return verdict


def _fits(rule: Rule, subject: Subject) -> bool:
    article = subject.article
    conditions: Sequence[tuple[Pattern | None, tuple[str, ...]]] = (
        (rule.title, (article.title,)),
        (rule.category, subject.categories),
        (rule.author, subject.authors),
        (rule.text, (article.text,)),
    )
    if rule.feed is not None and rule.feed not in subject.feeds:
        return False
    return all(wanted is None or any(_found(wanted, text) for text in texts) for wanted, texts in conditions)


def _found(wanted: Pattern, text: str) -> bool:
    return _matcher(wanted).search(text) is not None


def _tagged(verdict: Verdict, rule: Rule) -> Verdict:
    tags = tuple(dict.fromkeys((*verdict.tags, *rule.tags)))
    return replace(verdict, tags=tags, changed_by=(*verdict.changed_by, rule.name))


def _rewritten(verdict: Verdict, rule: Rule) -> Verdict:
    assert rule.find is not None
    before = getattr(verdict.article, rule.field)
    after = " ".join(_replaced(before, rule.find, rule.replace).split())
    if after == before or (rule.field == "title" and not after):
        return verdict
    article = verdict.article
    article = replace(article, title=after) if rule.field == "title" else replace(article, summary=after)
    return replace(verdict, article=article, changed_by=(*verdict.changed_by, rule.name))


def _replaced(text: str, find: Pattern, by: str) -> str:
    return str(_matcher(find).sub(by if find.is_regex else lambda _: by, text))


def _matcher(wanted: Pattern) -> Any:
    # Loaded where there are rules: it brings the settings along, and workers have no other use for those.
    from aggregator.settings.rules import matcher  # noqa: PLC0415

    return matcher(wanted)
