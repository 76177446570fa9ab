"""The names that a text holds, as a set, beside those that people marked.

Names are compared without case, punctuation, a leading "the" and a final 's. On both sides a short name that is the
first or last word of a longer one in the same text is that one, and bare codes of countries count for nothing: so a
record has them. Where a set marks more than names ("the president"), or only some of them, its row says so.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from aggregator.enrich.entities import entities
from bench.quality_conll import Document, documents
from bench.quality_gold import Row

_CODES = frozenset({"us", "usa", "uk", "uae"})
_CAPITALS = re.compile(r"[A-Z][\w'&.-]*(?: [A-Z][\w'&.-]*)*")
# The goals hold for English news.
_SETS = (
    ("n3-reuters128", "Reuters news", "capitals + .25"),
    ("btc-g-mainstream-news-tweets", "tweets of news outlets", "capitals + .25"),
    ("wikigold", "Wikipedia", ""),
    ("crossner-politics", "Wikipedia, politics", ""),
    ("crossner-science", "Wikipedia, science", ""),
    ("crossner-ai", "Wikipedia, terms of a field marked as well", ""),
    ("wnut17-dev", "comments and posts", ""),
    ("wnut17-test", "comments and posts", ""),
    ("n3-rss500", "sentences of news, two names of each marked", "capitals + .25"),
    ("re3d", "reports, phrases marked as well", ""),
    ("gum-news-interview", "interviews, phrases marked as well", ""),
    ("germeval2014-dev", "German", ""),
)
_ABOVE_CAPITALS = 0.25
Names = Callable[[str], Iterable[str]]


def entity_rows() -> Iterator[Row]:
    """Yield precision, recall and F1 for each set, with the F1 of taking every run of capitals for a name."""
    for name, kind, goal in _SETS:
        texts = list(documents(name))
        if not texts:
            continue
        ours_in = partial(_ours, "de" if name.startswith("germeval") else "en")
        precision, recall, ours = _measured(texts, ours_in)
        capitals = _measured(texts, _CAPITALS.findall)[2]
        figure = f"P {precision:.3f} R {recall:.3f} **F {ours:.3f}**; capitals {capitals:.3f} ({ours - capitals:+.3f})"
        met = not goal or ours - capitals >= _ABOVE_CAPITALS
        what = "entities, set of a text"
        yield Row(what=what, set=f"{name}: {kind}", items=len(texts), figure=figure, goal=goal, met=met)


def _ours(language: str, text: str) -> list[str]:
    return [entity.name for entity in entities("", text, language)]


def _measured(texts: Iterable[Document], names: Names) -> tuple[float, float, float]:
    shared = found = marked = 0
    for text, gold in texts:
        ours, theirs = _as_set(names(text)), _as_set(gold)
        shared += len(ours & theirs)
        found += len(ours)
        marked += len(theirs)
    precision, recall = shared / max(1, found), shared / max(1, marked)
    return precision, recall, 2 * shared / max(1, found + marked)


def _as_set(names: Iterable[str]) -> set[str]:
    bare = [re.sub(r"\A(?:the|The) |['’]s\Z", "", name) for name in names]
    ends = {_key(words[place]) for name in bare if len(words := name.split()) > 1 for place in (0, -1)}
    keys = {_key(name) for name in bare if len(name.split()) > 1 or _key(name) not in ends}
    return keys - _CODES - {""}


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())
