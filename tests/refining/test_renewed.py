"""Records that were enriched again are no reason to ask a model about all that is stored."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.model import Renewal
from aggregator.store.contract import Store
from tests.model_server import ModelServer, model_server
from tests.refining.test_refiner import FEED, GOOD, Clock, came, log, record, refine
from tests.store.factory import a_store


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.mark.parametrize(("days", "asked"), [(0.5, 1), (3, 0)])
async def test_other_rules_are_no_question_but_a_story_that_waits_is(
    server: ModelServer, tmp_path: Path, days: float, asked: int
) -> None:
    clock = Clock()
    with a_store(tmp_path, FEED) as store:
        came(store, 1)
        clock.now += timedelta(days=days)
        _renew(store, clock)
        assert [line.revision for line in log(store)] == [1, 2]
        await refine(server, store, GOOD, clock=clock)
    assert len(server.asked) == asked


def _renew(store: Store, clock: Clock) -> None:
    found = Renewal(
        record=record(store), revision=1, changed={"topics": ("ferries",)}, sources={"topics": "rules/9"}, kinds=None
    )
    with store.work() as work:
        assert work.renewals.renew([found], clock.now) == 1
