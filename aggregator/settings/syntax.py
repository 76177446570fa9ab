"""What is wrong with a text that is no TOML, in plain sentences: which key, what was expected, what to write.

Nothing but names of keys and tables is repeated of the text: what stands beside them may be secret (HT-16).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_KEY = re.compile(r"\s*([\w.\-]+)\s*=")
_HEADER = re.compile(r"\s*(\[\[?)\s*([\w.\-\"' ]+?)\s*\]")
_BEGINS_STATEMENT = re.compile(r"\s*(?:[\w.\-]+\s*=|\[\[?[\w.\-]+\]\]?\s*(?:#.*)?$)")
_LISTS = frozenset({"feeds", "export", "webhook", "command", "rules", "fetch.groups", "enrich.custom"})
_WORDS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_NOTHING = frozenset({"null", "none", "nil"})
_AN_UNQUOTED_BEGINNING = re.compile(r"=\s*[0-9][^\s\"']*$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where tomllib stopped; numbers count from 1."""

    lines: Sequence[str]
    line: int
    column: int

    @property
    def text(self) -> str:
        """The whole line."""
        return self.lines[self.line - 1] if self.line <= len(self.lines) else ""

    @property
    def rest(self) -> str:
        """What follows in the line."""
        return self.text[self.column - 1 :]

    @property
    def key(self) -> str:
        """The key that the line sets, "" where none is seen."""
        found = _KEY.match(self.text)
        return found[1] if found else ""

    @property
    def table(self) -> str:
        """The header above the line, "" where there is none."""
        return next((header[0].strip() for line in self._above if (header := _HEADER.match(line))), "")

    def first(self, wanted: re.Pattern[str], *, in_table: bool) -> int | None:
        """Return the number of the nearest line above that fits, of this table or of any."""
        for number, line in enumerate(self._above, 1):
            if wanted.match(line):
                return self.line - number
            if in_table and _HEADER.match(line):
                return None
        return None

    @property
    def _above(self) -> list[str]:
        return list(reversed(self.lines[: self.line - 1]))


def explained(text: str, message: str, line: int, column: int) -> tuple[int, int, str]:
    """Return the place to look at, and what to do there; ``message`` is tomllib's, without its place."""
    lines = text.split("\n")
    if message.startswith(_UNFINISHED):
        line, column = _opening(text, message, line, column)
    place = Place(lines, line, column)
    for begins, explain in _SENTENCES:
        if message.startswith(begins):
            return line, column, _named(place, explain(place) or message)
    return line, column, _named(place, message)


def _named(place: Place, sentence: str) -> str:
    """Return the sentence behind the key that it is about."""
    table = place.table if place.key and not _HEADER.match(place.text) else ""
    name = " ".join(part for part in (f"{table}]" if table and not table.endswith("]") else table, place.key) if part)
    return f"{name}: {sentence}" if name else sentence


def _opening(text: str, message: str, line: int, column: int) -> tuple[int, int]:
    """Return where the text begins that has no end."""
    mark = next((mark for mark in ('"""', "'''") if mark in message or text.count(mark) % 2), None)
    at = text.rfind(mark or ("'" if "'" in message else '"'))
    return (text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) if at >= 0 else (line, column)


def _unquoted(place: Place) -> str:
    return f'a text stands between quotes: write {place.key or "key"} = "…"'


def _unfinished(_place: Place) -> str:
    return "the text has no closing quote, or another than it began with: it ends with the quote that it begins with"


def _value(place: Place) -> str:
    word = re.sub(r"[,;#\]].*", "", place.rest).strip()
    if not word:
        return f"a value is missing: write {place.key or 'key'} = … or take the line out"
    if word.lower() in _WORDS:
        return f"expected true or false, in small letters: write {_WORDS[word.lower()]}"
    if word.lower() in _NOTHING:
        return "TOML has no word for nothing: leave the key out"
    if word[0] in "“”„‘’«":
        return 'a text stands between straight quotes: "…"'
    return "a comma too many, or a value is missing in the list" if word[0] == "," else _unquoted(place)


def _statement(place: Place) -> str:
    before, rest = place.text[: place.column - 1], place.rest
    if _HEADER.match(place.text):
        return "a table's name stands between as many brackets behind it as before it: [name], or [[name]] in a list"
    if _AN_UNQUOTED_BEGINNING.search(before):
        return _unquoted(place)
    if rest[:1] in ('"', "'"):
        return 'a quote too many: within a text between double quotes a double quote is written \\"'
    return "the value ends before this: one key = value in a line, and text between quotes"


def _twice(place: Place) -> str:
    key = place.key
    same = place.first(re.compile(rf"\s*{re.escape(key)}\s*="), in_table=True) if key else None
    if same:
        return f"the key is set twice, in line {same} too: keep one of the two"
    return _table_twice(place)


def _table_twice(place: Place) -> str:
    header = _HEADER.match(place.text)
    if header is None:
        return "the key is set twice, or is a table elsewhere: keep one of the two"
    name = header[2]
    same = place.first(re.compile(rf"\s*\[\[?\s*{re.escape(name)}\s*\]"), in_table=False)
    there = f", in line {same} too" if same else ""
    if name in _LISTS:
        return (
            f"each of several tables needs double brackets: write [[{name}]] here, and wherever else it stands{there}"
        )
    return f"the table [{name}] is there twice{there}: put its keys under one of the two"


def _array(place: Place) -> str:
    begins = place.first(re.compile(r".*=\s*\["), in_table=False)
    opened = f" The list begins in line {begins}." if begins and not place.key else ""
    is_first = not place.text[: place.column - 1].strip()
    if not place.rest.strip() or (is_first and _BEGINS_STATEMENT.match(place.text)):
        return f"the list before this has no closing bracket: ]{opened or '.'}"
    return f"a comma is missing between two values of the list.{opened}"


def _equals(place: Place) -> str:
    if place.rest.startswith(":"):
        return "TOML sets a key with an equals sign: write = in place of the colon"
    return 'expected key = value: an equals sign behind the key, and text between quotes ("…")'


def _bare(place: Place) -> str:
    if place.text.lstrip().startswith("{"):
        return 'this looks like JSON: TOML has [table] in a line, and below it key = "value", a line each'
    return 'expected [table], or key = "value"'


_UNFINISHED = ("Expected \"'", "Unterminated string")
_SENTENCES: tuple[tuple[str | tuple[str, ...], Callable[[Place], str]], ...] = (
    ((*_UNFINISHED, "Illegal character '\\n'"), _unfinished),
    ("Cannot overwrite a value", _twice),
    (("Cannot declare", "Cannot mutate"), _table_twice),
    ("Unclosed array", _array),
    ("Unclosed inline table", lambda _: "a comma is missing between two keys, or the closing brace: { a = 1, b = 2 }"),
    ("Duplicate inline table key", lambda _: "a key is set twice between the braces: keep one of the two"),
    ("Expected '=' after a key", _equals),
    ("Invalid value", _value),
    ("Expected newline or end of document", _statement),
    ("Expected ']", lambda _: "a table's name stands between brackets: [name], or [[name]] where there are several"),
    (
        "Unescaped '\\'",
        lambda _: "a backslash between double quotes is written twice (\\\\); between single quotes once",
    ),
    (
        "Invalid initial character for a key part",
        lambda _: "a table between braces stands in one line: { a = 1, b = 2 }",
    ),
    ("Invalid statement", _bare),
)
