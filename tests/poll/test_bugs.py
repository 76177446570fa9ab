"""A bug of ours while a feed is read."""

import traceback
from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.digest.worker import DigestBugError
from aggregator.model import Digest
from tests.poll.making import polling
from tests.poll.test_full import fetched


async def _broken(job: DigestJob) -> Digest:
    try:
        raise ImportError("lxml.html.clean is a project of its own now")
    except ImportError:
        raise DigestBugError(traceback.format_exc()) from None


async def test_the_feed_tells_what_broke_and_not_where(tmp_path: Path) -> None:
    """The log has the whole traceback."""
    async with polling(tmp_path, "http://a.example/feed", digest=_broken) as running:
        running.world.answer = fetched
        await running.poll()
        (status,) = running.statuses()
        assert status.reason is not None and status.reason.endswith(
            "a bug in aggregator: ImportError: lxml.html.clean is a project of its own now"
        )
