"""The price of a request, moved so that a budget of requests is spent and not exceeded."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from aggregator.poll import Tools
from aggregator.schedule.price import repriced

EVERY = timedelta(minutes=10)
_HOUR = timedelta(hours=1)

log = structlog.get_logger("aggregator.schedule")


class Pricing:
    """Looks at the polls of the last hour, again and again."""

    def __init__(self, tools: Tools, budget: Callable[[], int | None]) -> None:
        self._tools = tools
        self._budget = budget
        self._began = tools.clock()

    async def adjust(self) -> None:
        """Set the price anew; not before there are polls of ten minutes to judge by."""
        budget, now = self._budget(), self._tools.clock()
        since = max(now - _HOUR, self._began)
        if budget is None or now - since < EVERY:
            return
        asked = await self._tools.write(lambda work: work.schedule.asked(since))
        price = self._tools.price
        an_hour = asked * (_HOUR / (now - since))
        price.value = repriced(price.value, an_hour, budget)
        log.debug("price", asked=round(an_hour), budget=budget, entry_minutes=round(60 * price.value, 2))
