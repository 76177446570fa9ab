"""What people type into a search box -> a query. Whatever is typed is one: nothing in it is an error (SQ-21)."""

import re
from dataclasses import dataclass
from typing import Literal

Field = Literal["title", "source", "topic", "entity", "lang"]

_MOST_TYPED = 300  # characters
_MOST_TERMS = 16
_TERM = re.compile(
    r"(?P<minus>-(?=[\w\"]))?(?:(?P<field>title|source|topic|entity|lang):)?(?:\"(?P<phrase>[^\"]*)(?:\"|$)|(?P<word>[^\s\"]+))",
    re.IGNORECASE,
)
_SAYS = re.compile(r"\w")
_LABELS = frozenset({"source", "topic", "entity", "lang"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand side by side; ``prefix``: the last one may go on."""

    text: str
    prefix: bool = False
    in_title: bool = False
    excluded: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A label that a story must have (or not)."""

    field: Literal["source", "topic", "entity", "lang"]
    value: str
    excluded: bool = False

    @property
    def number(self) -> str | None:
        """The number of the one source that ``source:#12`` means."""
        number = self.value.removeprefix("#")
        is_one = self.field == "source" and number != self.value and number.isascii() and number.isdecimal()
        return number if is_one else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All of it has to hold."""

    terms: tuple[Term, ...] = ()
    filters: tuple[Filter, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for: what is only excluded does not count."""
        return all(term.excluded for term in self.terms) and all(each.excluded for each in self.filters)


def parse_query(typed: str) -> Query:
    """Return the query: ``word "a phrase" begin* -without title:word source:name topic:name entity:name lang:en``."""
    terms: list[Term] = []
    filters: list[Filter] = []
    for found in list(_TERM.finditer(typed.replace("\0", " ")[:_MOST_TYPED]))[:_MOST_TERMS]:
        text = found["word"] if found["phrase"] is None else found["phrase"]
        if not _SAYS.search(text):
            continue
        field, excluded = (found["field"] or "").lower(), bool(found["minus"])
        if field in _LABELS:
            filters.append(Filter(field=field, value=text, excluded=excluded))  # type: ignore[arg-type]
        else:
            prefix = found["phrase"] is None and text.endswith("*")
            terms.append(Term(text=text.strip("*"), prefix=prefix, in_title=field == "title", excluded=excluded))
    return Query(terms=tuple(terms), filters=tuple(filters))
