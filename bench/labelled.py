"""``python -m bench.labelled [--set A|B|C|D|E|F] [--errors]``: topics, entities, cleaned endings by ``bench/labels/``.

Prints a table with the goals and exits with 1 where one is missed. C, D and F were each measured once, by rules
that had been frozen before the labels were made; F is the last of them.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.ending_scores import JudgedEnding, judge_ending
from bench.label_files import endings, labelled, topics
from bench.real_feeds import CORPUS
from bench.record_scores import Judged, Verdict, judge, precision, recall

TOPICS_GOAL = 0.75
ENTITIES_GOAL = 0.85
_BY_DEFAULT = ("A", "F", "E")
_STANDING = "standing"  # what an author writes below every entry in words of his own: told, not demanded of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table."""

    name: str
    values: tuple[str, ...] = ()
    goal: str = ""
    met: bool = True


def main() -> None:
    """Measure the sets asked for, A, F and E by default."""
    asked = _arguments()
    if not CORPUS.exists():
        sys.exit("there is no corpus at ../shared/corpus beside this checkout: nothing to measure")
    rows = [row for name in asked.set or _BY_DEFAULT for row in SETS[name](asked.errors)]
    for row in rows:
        values = "".join(f"{value:>10}" for value in row.values)
        print(f"{row.name:<46}{values}   {row.goal:<8}{'' if row.met else 'MISSED'}".rstrip())
    if not all(row.met for row in rows):
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.labelled", description=__doc__)
    parser.add_argument("--set", choices=list(SETS), action="append", help="may be repeated; A, F and E by default")
    parser.add_argument("--errors", action="store_true", help="list every error")
    return parser.parse_args()


def _records(name: str, errors: bool) -> list[Row]:
    vocabulary = topics()
    judged = [judge(label) for label in labelled(name)]
    if errors:
        _print_errors(judged)
    english = [each for each in judged if each.label.language == "en"]
    others = [each for each in judged if each.label.language != "en"]
    groups = (judged, english, others)
    unknown = [sum(topic not in vocabulary for each in group for topic in each.topics.wrong) for group in groups]
    return [
        Row(name=f"set {name.upper()}: {len(judged)} records", values=("all", "English", "others"), goal="goal"),
        *_rows("topics", [[each.topics for each in group] for group in groups], TOPICS_GOAL),
        Row(name="  of the wrong, unknown to the labels", values=tuple(map(str, unknown))),
        *_rows("entities", [[each.entities for each in group] for group in groups], ENTITIES_GOAL),
        Row(name="first entity agrees", values=tuple(_mean(each.first for each in group) for group in groups)),
        Row(name="order of entities, nDCG", values=tuple(_mean(each.order for each in group) for group in groups)),
    ]


def _rows(name: str, groups: Sequence[Sequence[Verdict]], goal: float) -> list[Row]:
    right = [precision(group) for group in groups]
    found = [recall(group) for group in groups]
    strict = [precision(group, strict=True) for group in groups]
    return [
        Row(
            name=f"{name}, precision",
            values=tuple(map(_share, right)),
            goal=f">= {goal}",
            met=right[0] is not None and right[0] >= goal,
        ),
        Row(name=f"{name}, precision, allowed ones as wrong", values=tuple(map(_share, strict))),
        Row(name=f"{name}, recall", values=tuple(map(_share, found))),
        Row(name=f"{name}, F1", values=tuple(map(_share, map(_f1, right, found)))),
    ]


def _f1(right: float | None, found: float | None) -> float | None:
    return 2 * right * found / (right + found) if right and found else None


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _mean(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return _share(sum(known) / len(known) if known else None)


def _print_errors(judged: Iterable[Judged]) -> None:
    for each in judged:
        for kind, verdict in (("topics", each.topics), ("entities", each.entities)):
            if verdict.wrong or verdict.missed:
                print(f"{each.label.place.file}[{each.label.place.entry}] {each.title:.60}")
                print(f"  {kind}: wrong {list(verdict.wrong)}, missed {list(verdict.missed)}")


def _endings(errors: bool) -> list[Row]:
    judged = [judge_ending(label) for label in endings()]
    if errors:
        _print_ending_errors(judged)
    labels = Counter(each.label.kind for each in judged if each.label.boilerplate)
    left = Counter(each.label.kind for each in judged if each.left)
    demanded = {kind: left[kind] for kind in labels if kind != _STANDING}
    return [
        Row(name=f"set E: {len(judged)} endings, {labels.total()} with boilerplate", values=("found",), goal="goal"),
        _none_wanted("summaries that hold boilerplate", sum(bool(each.summary) for each in judged)),
        _none_wanted("texts that hold boilerplate", sum(demanded.values())),
        *(Row(name=f"  of {labels[kind]} of kind {kind}", values=(str(n),)) for kind, n in demanded.items() if n),
        Row(name=f"texts that hold one of {labels[_STANDING]} standing notices", values=(str(left[_STANDING]),)),
        _none_wanted("texts that lost the end of their story", sum(bool(each.lost) for each in judged)),
    ]


def _none_wanted(name: str, count: int) -> Row:
    return Row(name=name, values=(str(count),), goal="0", met=not count)


def _print_ending_errors(judged: Iterable[JudgedEnding]) -> None:
    for each in judged:
        told = {"left": each.left[:80], "in the summary": each.summary[-80:], "lost": each.lost[-80:]}
        for what, value in told.items():
            if value:
                place = each.label.place
                print(f"{place.file}[{place.entry}] {each.label.part}, {each.label.kind}: {what}: {value}")


SETS: dict[str, Callable[[bool], list[Row]]] = {
    "A": lambda errors: _records("a", errors),
    "B": lambda errors: _records("b", errors),
    "C": lambda errors: _records("c", errors),
    "D": lambda errors: _records("d", errors),
    "F": lambda errors: _records("f", errors),
    "E": _endings,
}


if __name__ == "__main__":
    main()
