"""The label files of ``bench/labels/``, and the entries of ``../shared/corpus/feeds-real`` that they speak of.

The rules by which the labels were made are in ``bench/labels/README.md``.
"""

import csv
import functools
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aggregator.model import Entry, ParsedFeed, Unreadable
from aggregator.parse import parse
from bench.real_feeds import CORPUS

LABELS = Path(__file__).parent / "labels"
TYPES = {"p": "person", "o": "organisation", "l": "place", "w": "product or work", "x": "other"}
_NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Which entry a label speaks of: its file, its position there, and a hash of its title against mistakes."""

    file: str
    entry: int
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """An entity: the forms in which the text writes it, and the key of its type in ``TYPES``."""

    forms: tuple[str, ...]
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """What an entry is about. ``also_…`` is neither demanded nor wrong."""

    place: Place
    language: str
    topics: tuple[str, ...]
    also_topics: tuple[str, ...]
    entities: tuple[Name, ...]  # the most salient first
    also_entities: tuple[Name, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How much of the end of a text is no part of it, in letters: see ``letters``."""

    place: Place
    part: str  # "content" or "summary"
    kind: str  # of boilerplate: "more", "post", …; "-" where there is none
    boilerplate: int
    optional: int  # before the boilerplate: may stay or go
    hash: str  # of the last 60 letters


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An entry as the feed states it."""

    entry: Entry
    language: str | None  # of the entry, or else of the feed


def topics() -> frozenset[str]:
    """Return the vocabulary that the labels were made with."""
    return frozenset((LABELS / "topics.txt").read_text(encoding="utf-8").split())


def labelled(name: str) -> tuple[Labelled, ...]:
    """Return the labels of set "a", "b", "c", "d" or "f"."""
    return tuple(
        Labelled(
            place=_place(row),
            language=row["language"],
            topics=tuple(row["topics"].split()),
            also_topics=tuple(row["topics_also"].split()),
            entities=_names(row["entities"]),
            also_entities=_names(row["entities_also"]),
        )
        for row in _rows(name)
    )


def endings() -> tuple[Ending, ...]:
    """Return the labels of endings."""
    return tuple(
        Ending(
            place=_place(row),
            part=row["part"],
            kind=row["kind"],
            boilerplate=int(row["boilerplate"]),
            optional=int(row["optional"]),
            hash=row["ending"],
        )
        for row in _rows("endings")
    )


def find(place: Place) -> Source:
    """Return the entry. Raises LookupError where the corpus has it no longer."""
    feed = _feed(place.file)
    here = feed.entries[place.entry : place.entry + 1]
    for entry in (*here, *feed.entries):
        if short_hash(letters(entry.title.value if entry.title else "")) == place.title:
            return Source(entry=entry, language=entry.language or feed.language)
    raise LookupError(f"{place.file} has no entry of the title that entry {place.entry} had")


def document(file: str) -> tuple[Entry, ...]:
    """Return all entries of a file."""
    return tuple(_feed(file).entries)


def letters(text: str) -> str:
    """Return the letters and digits alone: what is left whatever is done to spaces, marks and lines."""
    return "".join(filter(str.isalnum, text.casefold()))


def short_hash(text: str) -> str:
    """Return eight hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@functools.lru_cache(maxsize=8)
def _feed(file: str) -> ParsedFeed:
    url = f"https://corpus.example/{file}"
    feed = parse((CORPUS / file).read_bytes(), url=url, content_type=None, now=_NOW)
    match feed:
        case ParsedFeed():
            return feed
        case Unreadable():
            raise LookupError(f"{file}: {feed.message}")


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (LABELS / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _place(row: dict[str, str]) -> Place:
    return Place(file=row["file"], entry=int(row["entry"]), title=row["title"])


def _names(field: str) -> tuple[Name, ...]:
    parts = (part.rpartition("/") for part in field.split("; ") if part)
    return tuple(Name(forms=tuple(forms.split("=")), type=kind) for forms, _, kind in parts)
