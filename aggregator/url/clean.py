"""The match key: when two links mean the same story. Lossy on purpose, for comparing only, never to be fetched."""

from dataclasses import dataclass

from aggregator.url.check import web_url
from aggregator.url.parts import Parts, read_parts
from aggregator.url.refusal import refusal
from aggregator.url.rules import QUERY_RULES, RULES

# Stored beside every key; raise it with any change to what a key looks like, so that stores follow (UR-39).
RULES_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A rule that changed something."""

    rule: str
    cases: str  # of the behaviour list
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How a link became its key."""

    source: str | None  # the link as a record keeps it, None where it keeps none
    refused: str | None  # why not
    key: str
    steps: tuple[Step, ...]


def match_key(url: str, *, sites: frozenset[str] = frozenset()) -> str:
    """Return what equal stories have in common: host, path and query without what varies between copies (section G).

    ``sites`` are the hosts of the feed and its site, for UR-12. The scheme is dropped: the key of ``"https://" + key``
    is the key, redirectors within redirectors aside, unless encoding makes that too long for a URL. What is no http(s)
    URL is its own key. Never raises.
    """
    parts = read_parts(url, sites)
    if parts is None:
        return url.strip()
    for rule in RULES:
        parts = rule.apply(parts)
    for rule in QUERY_RULES if parts.query else ():
        parts = rule.apply(parts)
    return parts.text


def trace(url: str, *, sites: frozenset[str] = frozenset()) -> Trace:
    """Return the key of ``match_key``, and every rule that had a hand in it, in order. Never raises."""
    source, parts = web_url(url), read_parts(url, sites)
    if source is None or parts is None:
        return Trace(source=None, refused=refusal(url), key=url.strip(), steps=())
    steps = [
        Step(rule="link as it can be kept", cases="UR-28, UR-30", before=url, after=source),
        Step(
            rule="no scheme and default port, host in ASCII",
            cases="UR-01, UR-24, UR-27",
            before=source,
            after=parts.text,
        ),
    ]
    for rule in (*RULES, *QUERY_RULES):
        changed = rule.apply(parts)
        steps.append(_step(rule.name, rule.cases, parts, changed))
        parts = changed
    told = tuple(step for step in steps if step.before != step.after)
    return Trace(source=source, refused=None, key=parts.text, steps=told)


def _step(rule: str, cases: str, before: Parts, after: Parts) -> Step:
    return Step(rule=rule, cases=cases, before=before.text, after=after.text)
