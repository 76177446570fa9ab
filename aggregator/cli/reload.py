"""``aggregator reload``: have the running daemon read its configuration again."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, complain_of, configured, located, say
from aggregator.daemon import clock
from aggregator.settings import ConfigError
from aggregator.store.contract import Store
from aggregator.store.location import open_store
from aggregator.store.reloads import Reload

_PATIENCE = timedelta(seconds=90)
_LOOK_EVERY = 0.2  # seconds


def reload(
    force: Annotated[
        bool, typer.Option("--force", help="Even if more than half of the feeds would be polled no more.")
    ] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Have the running daemon take up its changed configuration.

    All of it is checked first: with a mistake in it, or where more than half of the feeds would be polled no more,
    nothing changes, and `aggregator status` says so too. Polls under way are finished. SIGHUP does the same.

    [store] url, [site], [web], [websub], [enrich] llm and stories, and the code of your own enrichers are read at the
    start alone: the answer names the settings that wait for a restart.

    Exit status: 0 taken up, 1 refused, 69 no daemon is running, 75 no answer within 90 seconds, 78 wrong configuration.

    \b
    Examples:
      aggregator plan && aggregator reload
      aggregator reload --force
    """
    url, _ = located(config, tell=False)
    store = open_store(url)
    if store.holder() is None:
        complain("no daemon is running on this store: `aggregator run` starts one, with the configuration as it is")
        raise typer.Exit(69)
    try:
        answer = _answer(store, force)
    finally:
        store.close()
    if answer is None:
        holder = store.holder()
        complain(
            f"no answer from {holder.name if holder else 'the daemon, which has stopped'}: the wish is withdrawn;"
            " see its log, and `aggregator status`"
        )
        raise typer.Exit(75)
    if not answer.taken:
        complain("the daemon goes on as before:")
        _complain_of(answer.message, config)
        raise typer.Exit(1)
    say(f"taken up: {answer.message}")


def _complain_of(message: str, config: Path) -> None:
    """Print why the daemon refuses; with the lines of the file where it is the one that is seen from here."""
    try:
        configured(config)
    except ConfigError as error:
        if str(error) == message:
            complain_of(error)
            return
    complain(message)


def _answer(store: Store, force: bool) -> Reload | None:
    """Wish, and wait for the answer; None where there is none in time."""
    with store.work() as work:
        wish = work.reloads.ask(clock(), force=force)
    end = time.monotonic() + _PATIENCE.total_seconds()
    try:
        while time.monotonic() < end and store.holder() is not None:
            with store.read() as work:
                answer = work.reloads.find(wish)
            if answer is not None and answer.done_at is not None:
                return answer
            time.sleep(_LOOK_EVERY)
    finally:
        with store.work() as work:
            work.reloads.withdraw(wish)
    return None
