"""Our summary and the first three sentences, beside what publishers wrote: shared words (ROUGE-1, F)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from aggregator.enrich.summary import own_summary, summarise
from aggregator.text.boilerplate import without_boilerplate
from aggregator.text.sentences import sentences
from bench.quality_gold import Row, article, lines

_WORD = re.compile(r"\w+")


def summary_rows() -> Iterator[Row]:
    """Yield both figures, over the pairs whose summary would be taken for one."""
    pairs = [each for each in lines("summaries-gold/publisher-summary-pairs.jsonl") if _is_gold(each)]
    if not pairs:
        return
    ours = lead = 0.0
    for each in pairs:
        text = without_boilerplate(each["body"])
        ours += _rouge(summarise(article(each["title"], text))[0], each["summary"])
        lead += _rouge(" ".join(text[start:end] for start, end in sentences(text)[:3]), each["summary"])
    for name, total, goal in (("ours", ours, "no worse than lead-3"), ("lead-3", lead, "")):
        figure = f"{total / len(pairs):.3f}"
        what = f"summary, ROUGE-1, {name}"
        met = total >= lead
        yield Row(what=what, set="publishers' summaries", items=len(pairs), figure=figure, goal=goal, met=met)


def _is_gold(pair: dict[str, str]) -> bool:
    """Whether what the publisher wrote would be taken for a summary."""
    stated = replace(article(pair["title"], pair["body"]), summary=" ".join(pair["summary"].split()))
    return bool(own_summary(stated))


def _rouge(ours: str, theirs: str) -> float:
    one, other = Counter(_WORD.findall(ours.lower())), Counter(_WORD.findall(theirs.lower()))
    shared = (one & other).total()
    return 2 * shared / (one.total() + other.total()) if shared else 0.0
