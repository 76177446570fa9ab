"""What the commands that edit the configuration share."""

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from aggregator.cli.console import complain
from aggregator.feeds import EditError

TAKE_UP = "; `aggregator reload` has a running daemon take it up"


@contextmanager
def explained() -> Iterator[None]:
    """Turn an edit that cannot be made into a line on standard error and exit status 1."""
    try:
        yield
    except EditError as error:
        complain(str(error))
        raise typer.Exit(1) from error
