"""``aggregator enrich``: what finds out about records, tried out and watched."""

from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row
from aggregator.enrich.contract import trials
from aggregator.enrich.custom import EnricherError, resolve

app = typer.Typer(help="Try out and watch the enrichers.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def enrich() -> None:
    """Try out and watch the enrichers."""


@app.command("check")
def check(
    name: Annotated[str | None, typer.Argument(help="One of [[enrich.custom]]; all when left out.")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Run enrichers of your own on texts that feeds may send: empty, huge, right to left, hostile and the like.

    One line for each text: the enricher, the text, milliseconds a call, and what is wrong; separated by tabs. Exit
    status 1 where something is.

    \b
    Example:
      aggregator enrich check
    """
    custom = configured(config).settings.enrich.custom
    chosen = [each for each in custom if name in {None, each.name}]
    if not chosen:
        complain(f"no [[enrich.custom]] is called {name!r}" if name else "there is no [[enrich.custom]]")
        raise typer.Exit(64)
    failed = False
    for each in chosen:
        try:
            tried = list(trials(resolve(each.call)))
        except EnricherError as error:
            complain(f"{each.name}: {error}")
            failed = True
            continue
        for trial in tried:
            say_row(each.name, trial.sample, f"{trial.milliseconds:.2f}", trial.problem or "")
        failed = failed or any(trial.problem for trial in tried)
    if failed:
        raise typer.Exit(1)
    say("all texts went well")
