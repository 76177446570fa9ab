"""From one store into another of any kind: every row as it is, cursors and history included.

The index of words and labels is not copied: it holds nothing that records do not, and is kept anew at its own pace.
Values travel as SQLite has them, with moments as text.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from aggregator.store.errors import StoreError

# What is pointed at comes before what points at it.
TABLES = (
    *("origins", "feeds", "records", "aliases", "revisions", "sightings", "changes"),
    *("consumers", "consumer_files", "deliveries", "polls", "tombstones", "retention", "pruned_slugs"),
    *("bands", "signatures", "near_duplicates", "llm_answers", "llm_costs", "raw_documents", "offers", "subscriptions"),
    *("titles", "title_words", "word_counts", "clusters", "clustered", "cluster_place", "renewal_place"),
)
# One row each, from the beginning.
PLACES = frozenset({"retention", "cluster_place", "renewal_place"})
BATCH = 2000  # rows

Rows = Sequence[tuple[Any, ...]]


class Source(Protocol):
    """A store as it is at one moment."""

    def count(self, table: str) -> int:
        """Return how many rows a table has."""

    def columns(self, table: str) -> Sequence[str]:
        """Return what is stored of each."""

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[Rows]:
        """Yield the rows, many at a time."""

    def last_seq(self) -> int:
        """Return the last seq that was ever given out."""


class Target(Protocol):
    """A store that nobody else has seen yet: what is written is there when the copy is whole."""

    def columns(self, table: str) -> Sequence[str]:
        """As ``Source.columns``."""

    def write(self, table: str, columns: Sequence[str], batches: Iterable[Rows]) -> int:
        """Write rows in place of what the table has; return how many."""

    def finish(self, last_seq: int) -> None:
        """Let what comes next be numbered after what was written."""


class Copyable(Protocol):
    """A store that can be copied, and copied into."""

    def source(self, owner: str) -> AbstractContextManager[Source]:
        """Offer what is in the store, while nobody polls it. Raises StoreBusyError."""

    def target(self) -> AbstractContextManager[Target]:
        """Offer an empty store to write to; left by an exception it is as empty as before. Raises StoreError."""


def copy_store(source: Source, target: Target, advance: Callable[[int], None]) -> int:
    """Copy everything; return how many rows that were. ``advance`` is told of rows as they go.

    Raises StoreError where the tables differ or rows are missing at the end.
    """
    total = 0
    for table in TABLES:
        columns = source.columns(table)
        if set(columns) != set(target.columns(table)):
            raise StoreError(f"the two stores differ in the table {table}: `aggregator migrate` brings each up to date")
        written = target.write(table, columns, _told(source.rows(table, columns), advance))
        if written != source.count(table):
            raise StoreError(f"of {source.count(table)} rows of {table} only {written} arrived")
        total += written
    target.finish(source.last_seq())
    return total


def _told(batches: Iterator[Rows], advance: Callable[[int], None]) -> Iterator[Rows]:
    for rows in batches:
        yield rows
        advance(len(rows))
