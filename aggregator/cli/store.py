"""``aggregator store``: moving a store."""

import shlex
from typing import Annotated

import typer

from aggregator.cli.console import say
from aggregator.cli.progress import counting
from aggregator.store.copying import TABLES, copy_store
from aggregator.store.location import open_store
from aggregator.text.counted import counted

app = typer.Typer(help="Move a store.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Move a store."""


@app.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="SRC", help="The address of the store to copy.")],
    destination: Annotated[str, typer.Argument(metavar="DST", help="The address of an empty one.")],
) -> None:
    """Copy a store into another one, of either kind: records, their past, feeds, schedule, consumers and cursors.

    Addresses are written as in [store] url; a relative path of sqlite:/// is relative to this folder, and the password
    for PostgreSQL comes from PGPASSWORD or ~/.pgpass, where it is in no list of processes. Nothing may poll SRC
    meanwhile. DST has to be empty: a file that does not exist, or a database that `aggregator migrate` has filled with
    tables. A copy that is interrupted leaves nothing behind; begin again. What is searched is indexed anew by the next
    `aggregator run`.

    Exit status: 0 copied, 69 it cannot be, 75 a process polls SRC.

    \b
    Examples:
      aggregator store copy sqlite:///var/aggregator.sqlite postgresql://aggregator@db.example.org/aggregator
      aggregator store copy postgresql:///aggregator sqlite:///back.sqlite
    """
    origin, goal = open_store(source), open_store(destination, create=True)
    with origin.source(shlex.join(["aggregator", "store", "copy"])) as reading, goal.target() as writing:
        total = sum(reading.count(table) for table in TABLES)
        with counting("copying", total) as advance:
            rows = copy_store(reading, writing, advance)
    say(f"copied {counted(rows, 'row')}")
