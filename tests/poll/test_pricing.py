"""A budget of requests moves their price."""

from datetime import timedelta
from pathlib import Path

from aggregator.pricing import Pricing
from aggregator.schedule.price import PRICE
from tests.poll.making import polling, unchanged

HOUR = timedelta(hours=1)


async def test_more_requests_than_the_budget_raise_the_price_and_fewer_lower_it(tmp_path: Path) -> None:
    urls = [f"https://{number}.example/feed" for number in range(5)]
    async with polling(tmp_path, *urls) as running:
        world, tools = running.world, running.tools
        world.answer = unchanged
        pricing = Pricing(tools, lambda: 2)
        await pricing.adjust()
        assert tools.price.value == PRICE
        await running.poller.poll_due()
        world.now += timedelta(minutes=20)
        await pricing.adjust()
        assert tools.policy_now.price == tools.price.value == 1.5 * PRICE
        world.now += 2 * HOUR
        await pricing.adjust()
        assert tools.price.value < 1.5 * PRICE
