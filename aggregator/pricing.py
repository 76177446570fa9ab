"""The price of a request, moved so that a budget of requests is spent and not exceeded."""

from datetime import timedelta

import structlog

from aggregator.poll import Tools
from aggregator.schedule.price import repriced

EVERY = timedelta(minutes=10)
_HOUR = timedelta(hours=1)

log = structlog.get_logger("aggregator.schedule")


class Pricing:
    """Looks at the polls of the last hour, again and again."""

    def __init__(self, tools: Tools, budget: int) -> None:
        self._tools = tools
        self._budget = budget
        self._began = tools.clock()

    async def adjust(self) -> None:
        """Set the price anew; not before there are polls of ten minutes to judge by."""
        now = self._tools.clock()
        since = max(now - _HOUR, self._began)
        if now - since < EVERY:
            return
        asked = await self._tools.write(lambda work: work.schedule.asked(since))
        price = self._tools.price
        an_hour = asked * (_HOUR / (now - since))
        price.value = repriced(price.value, an_hour, self._budget)
        log.debug("price", asked=round(an_hour), budget=self._budget, entry_minutes=round(60 * price.value, 2))
