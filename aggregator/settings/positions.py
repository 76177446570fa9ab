"""Where every key and value of a TOML text stands; tomllib parses, and says nothing about places."""

import re
import tomllib
from typing import NamedTuple

KeyPath = tuple[str | int, ...]

_BLANK = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SPACE = re.compile(r"[ \t]*+")
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\]|\\.)*+"|'[^']*+'""")
_STRING = re.compile(
    r'''"""(?:\\.|[^\\])*?"""(?:"{0,2})'''  # up to two quotes may precede the closing three
    r"""|\'\'\'.*?\'\'\'(?:'{0,2})|"(?:[^"\\]|\\.)*+"|'[^']*+'""",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\r\n]*[^,\]}#\r\n\s]")


class Span(NamedTuple):
    """Offsets into the text: where the key starts, where its value starts and ends. A table's value is its key."""

    key: int
    value: int
    end: int


def spans(text: str) -> dict[KeyPath, Span]:
    """Return the span of every key and array element of valid TOML, by its path in the parsed document.

    A key that several headers or dotted keys share stands where it is first named. What tomllib refuses must not be
    passed: the answer, or an exception, would mean nothing.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


def line_column(text: str, offset: int) -> tuple[int, int]:
    """Return the line and column of an offset, both counted from 1, in characters."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Scanner:
    """A cursor over the text that notes what it passes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, Span] = {}
        self.lengths: dict[KeyPath, int] = {}  # of arrays of tables

    def document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *parents, (name, span) = self._key()
        self.at += brackets
        path = self._enter((), parents)
        if brackets == 1:
            return self._enter(path, [(name, span)])
        path = (*path, name)
        self.found.setdefault(path, span)
        index = self.lengths.get(path, 0)
        self.lengths[path] = index + 1
        self.found[(*path, index)] = span
        return (*path, index)

    def _pair(self, table: KeyPath) -> None:
        *parents, (name, span) = self._key()
        self.at += 1  # the equals sign
        self._skip(_SPACE)
        path = (*self._enter(table, parents), name)
        value = self.at
        self._value(path)
        self.found[path] = Span(span.key, value, self.at)

    def _enter(self, path: KeyPath, names: list[tuple[str, Span]]) -> KeyPath:
        """Note the tables named and return the path of the last; the name of an array of tables means its last one."""
        for name, span in names:
            path = (*path, name)
            self.found.setdefault(path, span)
            if path in self.lengths:
                path = (*path, self.lengths[path] - 1)
        return path

    def _key(self) -> list[tuple[str, Span]]:
        parts: list[tuple[str, Span]] = []
        while True:
            self._skip(_SPACE)
            start = self.at
            self._skip(_KEY)
            parts.append((_name(self.text[start : self.at]), Span(start, start, self.at)))
            self._skip(_SPACE)
            if self.text[self.at] != ".":
                return parts
            self.at += 1

    def _value(self, path: KeyPath) -> None:
        first = self.text[self.at]
        if first == "[":
            self._array(path)
        elif first == "{":
            self._inline_table(path)
        else:
            self._skip(_STRING if first in "\"'" else _SCALAR)

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        while not self._closed("]"):
            start = self.at
            self._value((*path, index))
            self.found[(*path, index)] = Span(start, start, self.at)
            index += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while not self._closed("}"):
            self._pair(path)

    def _closed(self, bracket: str) -> bool:
        """Go to the next element and return False, or past the closing bracket and return True."""
        self._skip(_BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self._skip(_BLANK)
        closed = self.text[self.at] == bracket
        self.at += closed
        return closed

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at


def _name(key: str) -> str:
    if key[:1] == '"':
        return str(tomllib.loads(f"k = {key}")["k"]) if "\\" in key else key[1:-1]
    return key[1:-1] if key[:1] == "'" else key
