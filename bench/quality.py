"""``make eval``: what the enrichers find, beside public gold; exits with 1 where a goal is missed. Nothing is random.

The gold sets are private test input in ../shared/corpus; a set that is not there has no row. docs/quality.md holds the
table and says how each figure is made.
"""

import sys
from collections.abc import Callable, Iterator

from bench.quality_entities import entity_rows
from bench.quality_gold import CORPUS, Row
from bench.quality_language import language_rows
from bench.quality_summary import summary_rows
from bench.quality_topics import topic_rows

MEASURES: tuple[Callable[[], Iterator[Row]], ...] = (language_rows, topic_rows, entity_rows, summary_rows)


def main() -> None:
    """Print the table, in Markdown."""
    if not CORPUS.exists():
        print(f"no gold at {CORPUS}")
        return
    print("| what | set | items | figure | goal |\n|---|---|---|---|---|")
    missed = []
    for measure in MEASURES:
        for row in measure():
            goal = row.goal if row.met else f"{row.goal}, **missed**"
            print(f"| {row.what} | {row.set} | {row.items} | {row.figure} | {goal} |", flush=True)
            missed += [] if row.met else [f"{row.what}: {row.set}"]
    if missed:
        sys.exit("\n".join(("", "goals missed:", *missed)))


if __name__ == "__main__":
    main()
