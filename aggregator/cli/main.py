"""The program: its commands put together, and what its errors and exit statuses look like."""

import sys

import typer

from aggregator import __version__
from aggregator.cli import (
    audit,
    backup,
    check,
    config,
    consumers,
    doctor,
    duplicates,
    enriching,
    explain_url,
    export,
    feeds,
    healthcheck,
    history,
    identity,
    init,
    man,
    mcp,
    migrate,
    plan,
    poll,
    probe,
    prune,
    reload,
    replay,
    restore,
    rules,
    run,
    search,
    serve,
    show,
    status,
    store,
    stories,
    topics,
    webhooks,
    websub,
    worker,
)
from aggregator.cli.console import complain, complain_of
from aggregator.settings import ConfigError
from aggregator.store.contract import StoreBusyError, StoreError

# sysexits.h
USAGE, UNAVAILABLE, TEMPORARY, CONFIG = 64, 69, 75, 78
_USAGE_HERE = 2  # what the library exits with when the words of a command are off
_STATUSES: dict[type[Exception], int] = {StoreBusyError: TEMPORARY, StoreError: UNAVAILABLE}

app = typer.Typer(
    help="A feed aggregator daemon: every story once, clean, with its origin, as JSON Lines.",
    epilog="Exit status: 0 done, 1 some feeds failed, 64 wrong usage, 69 no usable store, 75 another process polls"
    " this store, 78 wrong configuration, 130 interrupted. `aggregator man | man -l -` shows the manual.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
for command in (
    *(run.run, poll.poll, export.export, show.show, history.history, status.status, audit.audit, check.check),
    *(duplicates.duplicates, stories.stories, serve.serve, mcp.mcp, search.search, doctor.doctor, backup.backup),
    *(prune.prune, replay.replay, healthcheck.healthcheck, restore.restore, migrate.migrate),
    *(plan.plan, reload.reload, probe.probe, init.init, man.man),
    worker.worker,
):
    app.command()(command)
app.command()(explain_url.explain)
app.add_typer(feeds.app, name="feeds")
app.add_typer(identity.app, name="identity")
app.add_typer(consumers.app, name="consumers")
app.add_typer(store.app, name="store")
app.add_typer(webhooks.app, name="webhooks")
app.add_typer(websub.app, name="websub")
app.add_typer(rules.app, name="rules")
app.add_typer(topics.app, name="topics")
app.add_typer(enriching.app, name="enrich")
app.add_typer(config.app, name="config")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"aggregator {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """A feed aggregator daemon: every story once, clean, with its origin, as JSON Lines."""


def main() -> None:
    """Run the program and exit with its status."""
    sys.exit(_status())


def _status() -> int:
    try:
        app(prog_name="aggregator")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        return USAGE if status == _USAGE_HERE else status
    except ConfigError as error:
        complain_of(error)
        return CONFIG
    except PermissionError as error:
        complain(f"{error.filename}: permission denied; run this as the user whose file it is, or as root")
        return UNAVAILABLE
    except tuple(_STATUSES) as error:
        complain(str(error))
        return next(status for kind, status in _STATUSES.items() if isinstance(error, kind))
    return 0
