"""``aggregator enrich``: what finds out about records, tried out and watched."""

from datetime import timedelta
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row
from aggregator.daemon import clock
from aggregator.enrich.contract import trials
from aggregator.enrich.custom import EnricherError, resolve
from aggregator.refining import NAME
from aggregator.settings.models import LlmSettings
from aggregator.store.contract import Work
from aggregator.store.location import open_store

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
        complain(
            (f"no [[enrich.custom]] is called {name!r}" if name else "there is no [[enrich.custom]]")
            + ": docs/reference/enrich.md says how to configure one"
        )
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


@app.command("status")
def status(
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How many days to show, today first.")] = 7,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show what the model of [enrich.llm] has cost, day by day (UTC), and what came of it.

    Of each day: requests and tokens, records that were changed, answers of which nothing could be believed, requests
    without an answer, and how often the answer was in the cache; separated by tabs.

    \b
    Example:
      aggregator enrich status --days 30
    """
    settings = configured(config).settings
    today = clock().date()
    with open_store(settings.store.url).read() as work:
        _say_limits(settings.enrich.llm, work)
        say_row("day", "requests", "tokens", "changed", "refused", "failed", "hit rate")
        for back in range(days):
            day = today - timedelta(days=back)
            spent = work.refinements.spent(day)
            hits, asked = spent.get("hits", 0), spent.get("requests", 0)
            rate = f"{100 * hits / (hits + asked):.0f} %" if hits + asked else "-"
            names = ("requests", "tokens", "changed", "refused", "failures")
            say_row(day.isoformat(), *(str(spent.get(name, 0)) for name in names), rate)


def _say_limits(llm: LlmSettings | None, work: Work) -> None:
    if llm is None:
        say("no model is asked: there is no [enrich.llm]")
        return
    place = next((each for each in work.consumers.statuses() if each.name == NAME), None)
    say(f"{llm.model} at {llm.base_url}; a day {llm.requests_per_day} requests, {llm.tokens_per_day} tokens at most")
    say(f"changes to come: {'all that come' if place is None else place.lag}")
