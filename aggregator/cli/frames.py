"""A mistake in a file, shown with the lines around it; what is secret in them is masked (HT-16)."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import typer

from aggregator.settings import Problem
from aggregator.settings.values import shown
from aggregator.text.terminal import printable

_AROUND = 1  # lines above and below
_WIDEST = 160  # characters of a line, where nobody says how many there is room for
_LARGEST = 20_000_000  # bytes of a file that is looked into
_PERSONAL = r"(?:headers|auth|user|password|proxy|secret|api_key|token)"
_HEADER = re.compile(r"\s*\[+\s*([^\]]*)\]")
_SECRET_TABLE = re.compile(rf"(?:^|\.)\s*[\"']?{_PERSONAL}\b")
_SECRET_KEY = re.compile(rf"((?:^|[\s,{{.])[\"']?{_PERSONAL}[\"']?\s*[=.]\s*)\S.*$")
_ANY_KEY = re.compile(r"^(\s*[^=\s][^=]*=\s*)\S.*$")
_LONG_QUOTES = ('"""', "'''")
_WEBHOOK_URL = re.compile(r"^(\s*[\"']?url[\"']?\s*=\s*)\S.*$")  # which often is all that a receiver asks for


def framed(problems: Iterable[Problem], *, colour: bool, width: int = _WIDEST) -> str:
    """Return each problem on a line of its own, with the lines that it is about beneath it, cut to ``width``."""
    lines = cache(_lines)
    return "\n\n".join(
        "\n".join((_headline(problem, colour), *_frame(problem, lines(problem.file), colour, width)))
        for problem in problems
    )


def frame(problem: Problem) -> list[str]:
    """Return the lines that a problem is about, as `framed` does; none where it has no place, or its file is gone."""
    return list(_frame(problem, _lines(problem.file), False, _WIDEST))


def _headline(problem: Problem, colour: bool) -> str:
    place = str(problem).removesuffix(problem.message)
    if not colour:
        return printable(place + problem.message)
    return typer.style(printable(place), bold=True) + typer.style(printable(problem.message), fg="red")


def _frame(problem: Problem, lines: list[str], colour: bool, widest: int) -> Iterator[str]:
    if not 0 < problem.line <= len(lines):
        return
    first, last = max(problem.line - _AROUND, 1), min(problem.line + _AROUND, len(lines))
    width = len(str(last))
    for number in range(first, last + 1):
        is_it = number == problem.line
        text, cut = _window(lines[number - 1], problem.column if is_it else 1, max(widest - width - 5, 20))
        line = f"{'>' if is_it else ' '} {number:>{width}} | {printable(text)}".rstrip()
        yield line if is_it or not colour else typer.style(line, dim=True)
        if is_it and problem.column:
            caret = f"  {'':>{width}} | {' ' * len(printable(text[: problem.column - 1 - cut]))}^"
            yield typer.style(caret, fg="red", bold=True) if colour else caret


def _window(text: str, column: int, widest: int) -> tuple[str, int]:
    """Return the part of a long line that has the column, and how much was cut off before it."""
    cut = max(column - widest // 2, 0) if len(text) > widest else 0
    return text[cut : cut + widest].replace("\t", " "), cut


def _lines(file: str) -> list[str]:
    """Return the lines of a file, secrets masked; none where it cannot be read, or is the name of a variable."""
    try:
        with Path(file).open("rb") as opened:
            text = opened.read(_LARGEST).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError):
        return []
    if file.lower().endswith(".txt"):
        return [shown(line) for line in text.splitlines()]
    lines = text.removesuffix("\n").split("\n")
    return list(_masked(lines) if file.lower().endswith(".toml") else map(shown, lines))


def _masked(lines: Iterable[str]) -> Iterator[str]:
    """Mask by the line, so that a file which is no TOML shows no more: a value behind a secret's name is `***`."""
    table, is_secret, quotes = "", False, ""
    for line in lines:
        if quotes:  # within a text of several lines, where nothing is a key
            quotes = "" if quotes in line else quotes
            yield "***" if is_secret else shown(line)
            continue
        if header := _HEADER.match(line):
            table = header[1]
        masked = _one_masked(line, table)
        if header or _ANY_KEY.match(line):
            is_secret = masked != line
            quotes = next((mark for mark in _LONG_QUOTES if line.count(mark) == 1), "")
        elif is_secret and line.strip():
            masked = "***"
        yield shown(masked)


def _one_masked(line: str, table: str) -> str:
    if _SECRET_TABLE.search(table):
        return _ANY_KEY.sub(r"\1***", line)
    if table.strip() == "webhook":
        line = _WEBHOOK_URL.sub(r"\1***", line)
    return _SECRET_KEY.sub(r"\1***", line)
