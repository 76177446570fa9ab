"""The poller is told to stop."""

import asyncio
from pathlib import Path

from tests.poll.making import polling

FEEDS = [f"http://{name}.example/feed" for name in "abc"]


async def test_what_is_claimed_while_it_stops_is_not_begun(tmp_path: Path) -> None:
    """Nothing is left half done, and what was not begun stays due."""
    async with polling(tmp_path, *FEEDS) as running:
        under_way = asyncio.create_task(running.poller.poll_due())
        await asyncio.sleep(0)  # it waits for its claim now
        await running.poller.drain(1)
        await under_way
        assert running.world.asked == []
        now = running.world.now
        claimed = await running.tools.write(
            lambda work: work.feeds.claim_due(now, limit=9, per_origin=9, token="t", lease_until=now)
        )
        assert [feed.url for feed in claimed] == FEEDS
