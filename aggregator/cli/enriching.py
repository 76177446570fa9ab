"""``aggregator enrich``: what finds out about records, tried out and watched."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Annotated

import typer

from aggregator.cli import enrich_again
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say, say_row
from aggregator.daemon import clock
from aggregator.enrich.contract import ours, trials
from aggregator.enrich.custom import Enricher, EnricherError, resolve
from aggregator.refining import NAME
from aggregator.settings.models import LlmSettings
from aggregator.settings.problems import nearest
from aggregator.store.contract import Work
from aggregator.store.location import open_store

app = typer.Typer(
    help="Try out and watch the enrichers.", cls=enrich_again.AgainGroup, no_args_is_help=True, rich_markup_mode=None
)
app.command("again")(enrich_again.again)


@app.callback()
def enrich() -> None:
    """Try out and watch the enrichers."""


@app.command("check")
def check(
    name: Annotated[str | None, typer.Argument(help="Only this one, of [enrich] enabled or [[enrich.custom]].")] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Run the enrichers on texts that feeds may send: empty, huge, right to left, hostile and the like.

    All that are on, and those of your own. One line for each text: the enricher, the text, milliseconds a call, and
    what is wrong; separated by tabs. Exit status 1 where something is.

    \b
    Examples:
      aggregator enrich check
      aggregator enrich check mood
    """
    settings = configured(config).settings.enrich
    loads: dict[str, Callable[[], Enricher]] = {
        each: partial(ours, each, settings.topics, settings.spacy) for each in settings.enabled
    }
    loads |= {each.name: partial(resolve, each.call) for each in settings.custom}
    if name is not None and name not in loads:
        complain(f"no enricher is called {name!r}: {', '.join(loads) or 'all are off'}{nearest(name, loads)}")
        raise typer.Exit(64)
    failed = [each for each, load in loads.items() if name in {None, each} and not _passes(each, load)]
    if failed:
        raise typer.Exit(1)
    say("all texts went well")


def _passes(name: str, load: Callable[[], Enricher]) -> bool:
    try:
        tried = list(trials(load()))
    except EnricherError as error:
        complain(f"{name}: {error}")
        return False
    for trial in tried:
        say_row(name, trial.sample, f"{trial.milliseconds:.2f}", trial.problem or "")
    return not any(trial.problem for trial in tried)


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
