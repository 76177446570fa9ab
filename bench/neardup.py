"""Near-duplicates: what is found of edited copies and of gold pairs, and what it costs. ``python -m bench.neardup``.

Copies are made as newspapers make them of an agency's text. Whatever is found beyond them is an error, unless the texts
really share half of their three-word sequences: real collections hold copies that nobody marked.
"""

import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from aggregator.enrich.minhash import signature
from aggregator.store.resemblance import bands, is_near, likeness

CORPUS = Path(__file__).parents[1] / "../shared/corpus"
_SEED = 7
_LONGEST = 2500  # characters: the article that budgets are about
_RECALL, _PRECISION = 0.97, 0.99  # the goals

Edit = Callable[[list[str], random.Random], Iterable[str]]
Pair = frozenset[str]


def _dateline(sentences: list[str], chance: random.Random) -> Iterable[str]:
    return [
        f"HARBOUR TOWN, {chance.choice('ABCDEF')}. Agency reports —",
        *sentences,
        "Reporting by our own correspondents.",
    ]


def _ends_earlier(sentences: list[str], _: random.Random) -> Iterable[str]:
    return sentences[: max(1, round(0.8 * len(sentences)))]


def _swapped(sentences: list[str], chance: random.Random) -> Iterable[str]:
    cut = chance.randrange(1, max(2, len(sentences)))
    return [*sentences[cut:], *sentences[:cut]]


def _typography(sentences: list[str], _: random.Random) -> Iterable[str]:
    return [text.replace("'", "’").replace(" - ", " — ").replace('"', "”").upper() for text in sentences]


def _reworded(sentences: list[str], chance: random.Random) -> Iterable[str]:
    for text in sentences:
        units = list(text) if _is_unspaced(text) else text.split(" ")
        done = [unit[::-1] + "x" if chance.random() < 0.03 else unit for unit in units]
        yield ("" if _is_unspaced(text) else " ").join(done)


def _sentence_out(sentences: list[str], chance: random.Random) -> Iterable[str]:
    gone = chance.randrange(len(sentences))
    return [text for place, text in enumerate(sentences) if place != gone or len(sentences) == 1]


EDITS: Mapping[str, Edit] = {
    "dateline and credit": _dateline,
    "last fifth cut": _ends_earlier,
    "paragraphs swapped": _swapped,
    "typography": _typography,
    "3 words in 100 new": _reworded,
    "a sentence out": _sentence_out,
}


def main() -> None:
    """Print recall of each kind of copy, precision over all that is found, and the cost of a signature."""
    gold, truth = _gold()
    texts = {**gold, **dict(_articles())}
    copies = dict(_copies(texts))
    signatures = {name: value for name, text in (texts | copies).items() if (value := signature(text))}
    found = set(_found(signatures))
    print(f"{len(texts)} texts, {len(copies)} edited copies, {len(found)} pairs found")
    print(f"{'':24}{'recall':>8}  (goal {_RECALL})")
    for kind in EDITS:
        wanted = {frozenset((name, f"{name} {kind}")) for name in texts if f"{name} {kind}" in signatures}
        print(f"{kind:24}{len(wanted & found) / len(wanted):>8.3f}  of {len(wanted)}")
    made = {frozenset((name.split(" ")[0], name)) for name in copies if name in signatures}
    print(f"{'all edits':24}{len(made & found) / len(made):>8.3f}  of {len(made)}")
    print(f"{'gold pairs':24}{len(truth & found) / max(1, len(truth)):>8.3f}  of {len(truth)}")
    wrong = [pair for pair in found if not _is_right(pair, truth, texts | copies)]
    print(f"{'precision':24}{1 - len(wrong) / max(1, len(found)):>8.4f}  (goal {_PRECISION}); wrong: {len(wrong)}")
    _say_cost(texts.values())


def _is_right(pair: Pair, truth: set[Pair], texts: Mapping[str, str]) -> bool:
    one, other = sorted(pair)
    return one.split(" ")[0] == other.split(" ")[0] or pair in truth or _shared(texts[one], texts[other]) >= 0.45


def _gold() -> tuple[dict[str, str], set[Pair]]:
    lines = (CORPUS / "neardup-gold/minhash-articles-100.txt").read_text(encoding="utf-8").splitlines()
    pairs = (CORPUS / "neardup-gold/minhash-articles-100.truth").read_text(encoding="utf-8").splitlines()
    texts = dict(line.split(" ", 1) for line in lines)
    return texts, {frozenset(pair.split()) for pair in pairs}


def _articles() -> Iterator[tuple[str, str]]:
    for file in sorted((CORPUS / "topics-gold").glob("masakhanews-*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines()):
            yield f"{file.stem}-{number}", json.loads(line)["text"]
    for number, line in enumerate((CORPUS / "summaries-gold/publisher-summary-pairs.jsonl").open(encoding="utf-8")):
        yield f"publisher-{number}", json.loads(line)["body"]


def _copies(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    chance = random.Random(_SEED)
    for name, text in texts.items():
        sentences = [part for part in re.split(r"(?<=[.!?。！？።])\s*", text) if part]
        for kind, edit in EDITS.items():
            if len(sentences) > 4 and signature(text):
                joint = "" if _is_unspaced(text) else " "
                yield f"{name} {kind}", joint.join(edit(list(sentences), chance))


def _found(signatures: Mapping[str, bytes]) -> Iterator[Pair]:
    """Yield what a store finds: pairs that share a band and agree in half of their places."""
    buckets: defaultdict[int, list[str]] = defaultdict(list)
    for name, value in signatures.items():
        for key in bands(value):
            buckets[key].append(name)
    for names in buckets.values():
        for one, other in combinations(names, 2):
            if is_near(likeness(signatures[one], signatures[other])):
                yield frozenset((one, other))


def _shared(one: str, other: str) -> float:
    """Return the share of three-word sequences that two texts have in common, exactly."""
    shingles = []
    for text in (one, other):
        words = re.findall(r"\w", text) if _is_unspaced(text) else re.findall(r"\w+", text.casefold())
        shingles.append(set(zip(words, words[1:], words[2:], strict=False)))
    return len(shingles[0] & shingles[1]) / max(1, len(shingles[0] | shingles[1]))


def _is_unspaced(text: str) -> bool:
    return text.count(" ") < len(text) / 30


def _say_cost(texts: Iterable[str]) -> None:
    whole = " ".join(texts)
    sample = [whole[start : start + _LONGEST] for start in range(0, 200 * _LONGEST, _LONGEST)]
    costs = []
    for text in sample:
        started = time.perf_counter()
        signature(text)
        costs.append(time.perf_counter() - started)
    print(f"a signature of {_LONGEST} characters: {1e6 * sorted(costs)[len(costs) // 2]:.0f} µs (median)")


if __name__ == "__main__":
    main()
