"""A feed's rhythm in the terminal: a heat map of its week, and what is expected of it."""

from collections.abc import Iterator

from aggregator.cli.console import when
from aggregator.model import Feed
from aggregator.schedule.outlook import ENOUGH, Outlook, outlook

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SHADES = " .:-=+*#@"


def rhythm_lines(feed: Feed) -> Iterator[str]:
    """Yield the lines of the heat map; one that says so where too little is known of single hours."""
    found = outlook(feed)
    if found is None:
        yield f"week        not drawn yet: its hours are told by {ENOUGH:g} entries with dates, or seen to come"
        return
    yield f"week        about {_number(found.a_day)} entries a day; darker hours (UTC) bring more"
    yield "            0     6     12    18"
    for name, hours in zip(_DAYS, found.week, strict=True):
        yield f"        {name} {''.join(_shade(hour, found) for hour in hours)}|"
    soon = f"about {when(found.next_entry)}" if found.next_entry else "not within two weeks"
    yield f"next entry  {soon}; {_number(found.new_at_poll)} expected by the next poll"


def _shade(expected: float, found: Outlook) -> str:
    return _SHADES[min(int(expected / found.most * len(_SHADES)), len(_SHADES) - 1)]


def _number(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"
