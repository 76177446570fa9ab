"""A bug of ours while a feed is read."""

from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.digest.worker import DigestBugError
from aggregator.model import Digest
from tests.poll.making import polling
from tests.poll.test_full import fetched

_TRACE = """Traceback (most recent call last):
  File "aggregator/extract/article.py", line 8, in <module>
ImportError: lxml.html.clean is a project of its own now
"""


async def _broken(job: DigestJob) -> Digest:
    raise DigestBugError(_TRACE)


async def test_the_feed_tells_what_broke_and_not_where(tmp_path: Path) -> None:
    """The log has the whole traceback."""
    async with polling(tmp_path, "http://a.example/feed", digest=_broken) as running:
        running.world.answer = fetched
        await running.poll()
        (status,) = running.statuses()
        said = (status.reason or "").partition("a bug in aggregator: ")[2]
        assert said == "ImportError: lxml.html.clean is a project of its own now"
