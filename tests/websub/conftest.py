"""A hub for every test."""

from collections.abc import Iterator

import pytest

from tests.websub.hub import Hub, a_hub
from tests.websub.making import feed_of, link


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Offer a hub over TLS that publishes one story at ``/feed``."""
    with a_hub() as running:
        running.publish("/feed", feed_of(1, links=link("hub", running.url("/hub"))))
        yield running
