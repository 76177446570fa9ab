"""robots.txt: RFC 9309, with answers and the clock as arguments."""

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.fetch.robots import Robots
from aggregator.model import Failed, FailureKind, Fetched, FetchResult

NOW = datetime(2026, 6, 24, tzinfo=UTC)
FILE = "https://x.example/robots.txt"


class World:
    """A clock, and one server's answer."""

    def __init__(self, answer: FetchResult) -> None:
        self.now = NOW
        self.answer = answer
        self.asked: list[str] = []
        self._robots = Robots(agent="aggregator/1.0 (+https://me.example)", clock=lambda: self.now)

    async def verdict(self, url: str = "https://x.example/a") -> str:
        return await self._robots.verdict(url, self._ask)

    async def _ask(self, url: str) -> FetchResult:
        self.asked.append(url)
        return self.answer


def a_file(text: str, **headers: str) -> Fetched:
    return Fetched(
        url=FILE,
        permanent_url=None,
        status=200,
        body=text.encode(),
        headers={name.replace("_", "-"): value for name, value in headers.items()},
        validators=None,
        retry_after=None,
        wire_bytes=1,
    )


def a_failure(kind: FailureKind, status: int | None = None) -> Failed:
    return Failed(kind=kind, message="x", url=FILE, status=status)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("", "allowed"),
        ("User-agent: *\nDisallow: /", "disallowed"),
        ("User-agent: Aggregator\nDisallow: /a\nAllow: /a/b", "disallowed"),
        ("User-agent: *\nDisallow: /\nUser-agent: aggregator\nDisallow: /b", "allowed"),
        ("User-agent: other\nDisallow: /", "allowed"),
        ("<html>Not found</html>", "allowed"),
        ("\ufeffUser-agent: *\nDisallow: /*a$", "disallowed"),
        (f"{'# x' * 200_000}\nUser-agent: *\nDisallow: /", "allowed"),  # beyond 500 KiB
    ],
)
async def test_a_file_is_read_as_it_is_written(text: str, verdict: str) -> None:
    """RFC 9309, 2.2, 2.5: the group of our product token, else that of all; the longest match."""
    assert await World(a_file(text)).verdict() == verdict


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (a_failure("status", 404), "allowed"),
        (a_failure("status", 401), "allowed"),
        (a_failure("redirect"), "allowed"),
        (a_failure("empty", 200), "allowed"),
        (a_failure("status", 429), "unknown"),
        (a_failure("status", 500), "unknown"),
        (a_failure("timeout"), "unknown"),
        (a_failure("dns"), "unknown"),
    ],
)
async def test_a_file_that_is_not_there_allows_and_one_that_cannot_be_had_forbids(
    answer: FetchResult, verdict: str
) -> None:
    """RFC 9309, 2.3.1."""
    assert await World(answer).verdict() == verdict


async def test_a_file_is_asked_for_once_for_each_origin() -> None:
    world = World(a_file(""))
    for url in ("https://x.example/a", "https://x.example/b?c", "https://y.example/", "http://x.example/", "nonsense:"):
        await world.verdict(url)
    assert world.asked == [FILE, "https://y.example/robots.txt", "http://x.example/robots.txt"]


@pytest.mark.parametrize(
    ("answer", "hours"),
    [
        (a_file(""), 24),
        (a_file("", cache_control="public, max-age=7200"), 2),
        (a_file("", cache_control="max-age=0"), 1),
        (a_file("", cache_control="max-age=999999999"), 24),
        (a_failure("status", 503), 1),
    ],
)
async def test_a_file_holds_for_its_lifetime(answer: FetchResult, hours: int) -> None:
    """RFC 9309, 2.4: a day at most."""
    world = World(answer)
    await world.verdict()
    world.now += timedelta(hours=hours, seconds=-1)
    await world.verdict()
    assert len(world.asked) == 1
    world.now += timedelta(seconds=1)
    await world.verdict()
    assert len(world.asked) == 2
