"""``aggregator feeds explain``: why a feed is polled when it is."""

from datetime import timedelta
from typing import Annotated

import typer

from aggregator.cli.choosing import the_one
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say, when
from aggregator.cli.rhythm import rhythm_lines
from aggregator.feeds import shown
from aggregator.model import Feed
from aggregator.schedule.next_poll import next_poll
from aggregator.schedule.policy import Decision
from aggregator.settings.values import duration_text
from aggregator.store.location import open_store
from aggregator.text.counted import counted
from aggregator.tooling import poll_policy


def explain(
    feed: Annotated[str, typer.Argument(metavar="FEED", help="The feed's URL or name.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show when a feed is polled next, and which rule decided it.

    Every rule that had a say is listed with how long it would wait after the last poll; an arrow marks the one that
    decided. It is computed from what is stored, by the same function that sets the time after a poll. Below is the
    feed's week, hour by hour, as far as the dates of its entries tell, and when the next entry is expected.

    \b
    Example:
      aggregator feeds explain https://example.org/feed.xml
    """
    configuration = configured(config)
    url = the_one(feed, configuration)
    with open_store(configuration.settings.store.url).read() as work:
        found = work.schedule.find(url)
    if found is None:
        say(f"{shown(url)} is not polled: it is paused, or no daemon has taken it up since it was added")
        return
    _say_state(found)
    if found.asked:
        say("next poll   now: somebody asked for it")
    elif found.last_poll_at is None:
        say(f"next poll   {when(found.next_poll_at)}, the first")
    else:
        _say_decision(next_poll(found, poll_policy(configuration.settings)))
    for line in rhythm_lines(found):
        say(line)


def _say_state(feed: Feed) -> None:
    say(shown(feed.url))
    if feed.fetch_url != feed.url:
        say(f"polled at   {shown(feed.fetch_url)}")
    if feed.move is not None:
        times = counted(feed.move.times, "time")
        say(f"moving to   {shown(feed.move.url)}: found there {times} since {when(feed.move.since)}")
    say(f"state       {feed.state}{f': {feed.reason}' if feed.reason else ''}")
    failures = "1 failure" if feed.failures == 1 else f"{feed.failures:g} failures"
    say(f"last poll   {when(feed.last_poll_at)}; last success {when(feed.last_ok_at)}; {failures}")


def _say_decision(decision: Decision) -> None:
    if decision.rule == "gone":
        say("next poll   never, unless it is asked for with --force, or paused and resumed")
        return
    say(f"next poll   {when(decision.at)}, decided by {decision.rule}")
    for rule in decision.rules:
        mark = "->" if rule.name == decision.rule else "  "
        say(f"{mark} {rule.name:<13} {_rounded(rule.wait):>14}  {rule.why}")


def _rounded(wait: timedelta) -> str:
    """Return a duration to the second."""
    return duration_text(max(timedelta(seconds=round(wait.total_seconds())), timedelta()))
