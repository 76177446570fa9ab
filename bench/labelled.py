"""``python -m bench.labelled [--set A|B|E] [--errors]``: topics, entities and cleaned endings by ``bench/labels/``.

Prints a table with the goals and exits with 1 where one is missed.
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
_STANDING = "standing"  # what an author writes below every entry in words of his own: told, not demanded of a text


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table."""

    name: str
    value: str
    goal: str = ""
    met: bool = True


def main() -> None:
    """Measure the sets asked for, all by default."""
    asked = _arguments()
    if not CORPUS.exists():
        sys.exit("there is no corpus at ../shared/corpus beside this checkout: nothing to measure")
    rows = [row for name in asked.set for row in SETS[name](asked.errors)]
    for row in rows:
        print(f"{row.name:<44} {row.value:>14}   {row.goal:<8} {'' if row.met else 'MISSED'}".rstrip())
    if not all(row.met for row in rows):
        sys.exit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.labelled", description=__doc__)
    parser.add_argument("--set", choices=list(SETS), action="append", help="A, B or E; may be repeated")
    parser.add_argument("--errors", action="store_true", help="list every error")
    asked = parser.parse_args()
    asked.set = asked.set or list(SETS)
    return asked


def _records(name: str, *, errors: bool) -> list[Row]:
    vocabulary = topics()
    judged = [judge(label, vocabulary) for label in labelled(name)]
    if errors:
        _print_errors(judged)
    english = [each for each in judged if each.label.language == "en"]
    others = [each for each in judged if each.label.language != "en"]
    groups = (("all", judged), ("English", english), ("other languages", others))
    return [Row(name=f"set {name.upper()}: {len(judged)} records, {len(english)} English", value="")] + [
        row for group, part in groups for row in _group(group, part)
    ]


def _group(group: str, judged: Sequence[Judged]) -> list[Row]:
    whole = group == "all"
    unjudged = sum(len(each.other_topics) for each in judged)
    return [
        *_rows(f"{group}: topics", [each.topics for each in judged], TOPICS_GOAL if whole else None),
        Row(name=f"{group}: topics that no label knows", value=str(unjudged)),
        *_rows(f"{group}: entities", [each.entities for each in judged], ENTITIES_GOAL if whole else None),
        Row(name=f"{group}: first entity agrees", value=_mean(each.first for each in judged)),
        Row(name=f"{group}: order of entities, nDCG", value=_mean(each.order for each in judged)),
    ]


def _rows(name: str, verdicts: Sequence[Verdict], goal: float | None) -> list[Row]:
    right, found = precision(verdicts), recall(verdicts)
    both = None if not right or not found else 2 * right * found / (right + found)
    return [
        Row(
            name=f"{name}, precision",
            value=_share(right),
            goal=f">= {goal}" if goal else "",
            met=goal is None or (right is not None and right >= goal),
        ),
        Row(name=f"{name}, precision without allowed ones", value=_share(precision(verdicts, strict=True))),
        Row(name=f"{name}, recall", value=_share(found)),
        Row(name=f"{name}, F1", value=_share(both)),
    ]


def _share(value: float | None) -> str:
    return "none" if value is None else f"{value:.3f}"


def _mean(values: Iterable[float | None]) -> str:
    known = [value for value in values if value is not None]
    return f"{sum(known) / len(known):.3f}" if known else "none"


def _print_errors(judged: Iterable[Judged]) -> None:
    for each in judged:
        for kind, verdict in (("topics", each.topics), ("entities", each.entities)):
            if verdict.wrong or verdict.missed:
                print(f"{each.label.place.file}[{each.label.place.entry}] {each.title:.60}")
                print(f"  {kind}: wrong {list(verdict.wrong)}, missed {list(verdict.missed)}")


def _endings(*, errors: bool) -> list[Row]:
    judged = [judge_ending(label) for label in endings()]
    if errors:
        _print_ending_errors(judged)
    labels = Counter(each.label.kind for each in judged)
    left = Counter(each.label.kind for each in judged if each.left)
    leaks = sum(bool(each.summary) for each in judged)
    lost = sum(bool(each.lost) for each in judged)
    due = sum(count for kind, count in left.items() if kind != _STANDING)
    return [
        Row(name=f"set E: {len(judged)} endings, {len(judged) - labels['-']} with boilerplate", value=""),
        Row(name="summaries that hold boilerplate", value=str(leaks), goal="0", met=not leaks),
        Row(name="texts that hold boilerplate", value=str(due), goal="0", met=not due),
        Row(name="texts that hold an author's standing words", value=f"{left[_STANDING]} of {labels[_STANDING]}"),
        Row(name="texts that lost the end of their story", value=str(lost), goal="0", met=not lost),
        *(Row(name=f"  left of {kind}", value=f"{left[kind]} of {labels[kind]}") for kind in sorted(left)),
    ]


def _print_ending_errors(judged: Iterable[JudgedEnding]) -> None:
    for each in judged:
        told = {"left": each.left[:80], "in the summary": each.summary[-80:], "lost": each.lost[-80:]}
        for what, value in told.items():
            if value:
                place = each.label.place
                print(f"{place.file}[{place.entry}] {each.label.part}, {each.label.kind}: {what}: {value}")


SETS: dict[str, Callable[[bool], list[Row]]] = {
    "A": lambda errors: _records("a", errors=errors),
    "B": lambda errors: _records("b", errors=errors),
    "E": lambda errors: _endings(errors=errors),
}


if __name__ == "__main__":
    main()
