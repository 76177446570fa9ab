"""A misbehaving server and a fetcher that may talk to it."""

from collections.abc import AsyncIterator

import pytest

from aggregator.fetch import Fetcher
from tests.fetch.making import NOW, policy_for
from tests.hostile_server import HostileServer, serving


@pytest.fixture
async def server() -> AsyncIterator[HostileServer]:
    async with serving() as running:
        yield running


@pytest.fixture
async def fetcher(server: HostileServer) -> AsyncIterator[Fetcher]:
    async with Fetcher(policy_for(server), now=lambda: NOW) as ready:
        yield ready
