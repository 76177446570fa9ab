"""The transport is httpx's seam: a test's network can stand in, and every exception has a kind (HX-22)."""

import httpx
import pytest

from aggregator.fetch import Fetcher, FetchPolicy
from aggregator.model import FailureKind
from tests.fetch.making import NOW, failed, fetched

_POLICY = FetchPolicy(version="1.2.3")
_URL = "http://feeds.example/a|b"


def _answering(answer: httpx.Response | Exception) -> Fetcher:
    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return Fetcher(_POLICY, now=lambda: NOW, transport=httpx.MockTransport(handle))


async def test_another_network_may_stand_in() -> None:
    """The guard belongs to ours: what stands in answers for itself."""
    async with _answering(httpx.Response(200, content=b"<rss/>")) as fetcher:
        result = await fetched(fetcher, _URL)
    assert (result.body, result.url) == (b"<rss/>", _URL)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (httpx.ConnectTimeout("late"), "timeout"),
        (httpx.ReadTimeout("late"), "timeout"),
        (httpx.PoolTimeout("late"), "timeout"),
        (httpx.ConnectError("refused"), "connect"),
        (httpx.ReadError("reset"), "connect"),
        (httpx.WriteError("reset"), "connect"),
        (httpx.RemoteProtocolError("nonsense"), "protocol"),
        (httpx.UnsupportedProtocol("gopher"), "protocol"),
        (httpx.DecodingError("nonsense"), "protocol"),
        (httpx.StreamClosed(), "protocol"),
    ],
)
async def test_every_exception_of_httpx_has_a_kind(error: Exception, kind: FailureKind) -> None:
    """HX-22."""
    async with _answering(error) as fetcher:
        answer = await failed(fetcher, _URL)
    assert (answer.kind, answer.url, answer.message != "") == (kind, _URL, True)


async def test_a_bug_is_an_exception() -> None:
    """HX-22: it is not taken for the feed's fault."""
    async with _answering(ZeroDivisionError()) as fetcher:
        with pytest.raises(ZeroDivisionError):
            await failed(fetcher, _URL)
