"""The progress of long commands."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress(doing: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar on a terminal, nothing elsewhere; offer what moves it a step."""
    with counting(doing, total) as advance:
        yield partial(advance, 1)


@contextmanager
def counting(doing: str, total: int) -> Iterator[Callable[[int], None]]:
    """As ``progress``; offer what moves it so many steps."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as bar:
        yield partial(bar.advance, bar.add_task(doing, total=total))
