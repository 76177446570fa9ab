"""Pages that stand in front of an article: requests for consent, paywalls, tests for robots.

What they say and where they are is data, in ``config/gates.toml``. A page whose article is long is none, whatever else
it says: banners hang over articles that are there in full. A paywall that shows the beginning of its article, as prose
of some length, lets a reader have that, and so do we: whether it is more than the feed says is for the caller to see.
"""

import functools
import tomllib
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import re2

from aggregator.shipped import shipped
from aggregator.text.plain import one_line, plain_text

_SHORT = 1500  # characters of an article; a gate that shows the beginning of one shows no more
_BEGINNING = 500  # characters of an article; an appeal to subscribe says less
_MOST_SAID = 200_000  # characters of a page that are looked at
_NOT_FREE = r'"isAccessibleForFree"\s*:\s*"?(?:false|no)\b|itemprop="isAccessibleForFree"\s+content="(?:false|no)"'


def gate_of(markup: str, text: str, *, url: str, asked: str) -> str | None:
    """Return which gate the page is, or None: "consent", "paywall", "challenge", or "front page".

    ``text`` is the article that was found in ``markup``, ``url`` where a redirect led from ``asked``.
    """
    if (led := _address(url)) != (wanted := _address(asked)):
        for name, addresses in _gates("addresses"):
            if addresses.search(led) and not addresses.search(wanted):
                return name
        if led.endswith("/") and led.count("/") == 1 and wanted.strip("/").count("/"):
            return "front page"
    gate = _gate_by_words(markup) if len(text) < _SHORT else None
    return None if gate == "paywall" and len(text) >= _BEGINNING else gate


def _gate_by_words(markup: str) -> str | None:
    if _compiled((_NOT_FREE,)).search(markup):  # schema.org: what search engines are told
        return "paywall"
    said = one_line(plain_text(markup[:_MOST_SAID]))
    return next((name for name, phrases in _gates("phrases") if phrases.search(said)), None)


def _address(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}{parts.path or '/'}"


@functools.cache
def _gates(kind: str) -> tuple[tuple[str, Any], ...]:
    rules = tomllib.loads(shipped("gates.toml").read_text(encoding="utf-8"))
    return tuple((name, _compiled(tuple(gate[kind]))) for name, gate in rules.items())


@functools.cache
def _compiled(expressions: Sequence[str]) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    return re2.compile("|".join(f"(?:{each})" for each in expressions), options)
