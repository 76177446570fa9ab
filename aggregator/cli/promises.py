"""Whether what ``[schedule]`` promises is kept: its budget of requests, and how fresh feeds with a tag are."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from aggregator.settings.models import ScheduleSettings
from aggregator.settings.values import duration_text
from aggregator.store.contract import Work
from aggregator.store.timing import TagWait
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_SECOND = timedelta(seconds=1)


def promised(work: Work, schedule: ScheduleSettings, now: datetime) -> Iterator[str]:
    """Yield a line for each promise."""
    if schedule.budget is not None:
        asked, price = work.schedule.asked(now - _HOUR), work.schedule.price()
        worth = f"; one is worth {60 * price:.3g} entry-minutes" if price else ""
        kept = "kept" if asked <= schedule.budget else "exceeded"
        yield f"budget      {kept}: {asked} of {counted(schedule.budget, 'request')} in the last hour{worth}"
    if schedule.freshness:
        waits = {wait.tag: wait for wait in work.schedule.waits(now - _DAY)}
        for tag, wanted in schedule.freshness.items():
            yield f"freshness   {printable(tag)}: {_freshness(waits.get(tag), wanted, schedule.min)}"


def _freshness(found: TagWait | None, wanted: timedelta, least: timedelta) -> str:
    if found is None:
        return f"nothing to judge by: no dated entry came in the last 24 h (target {duration_text(wanted)})"
    mean = duration_text(_SECOND * round(found.mean / _SECOND))
    entries = counted(found.entries, "entry", "entries")
    told = f"{mean} on average over {entries} of the last 24 h, target {duration_text(wanted)}"
    if found.mean <= wanted:
        return f"met: {told}"
    hint = f"; [schedule] min is {duration_text(least)}: that alone is more than twice the target"
    return f"missed: {told}{hint if least > 2 * wanted else ''}"
