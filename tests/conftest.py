"""For all tests."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.postgres import Server, serving

# A busy machine is no failure: tests are bounded in count, never in time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Offer one server to all tests that ask for it."""
    with serving() as server:
        yield server
