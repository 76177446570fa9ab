"""The same facts about every kind of store."""

from pathlib import Path

import pytest

from tests.postgres import Server, empty
from tests.store.places import Place


@pytest.fixture(scope="session")
def _shared(postgres: Server) -> str:
    return postgres.fresh()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    """Offer the place of a new store of each kind."""
    if request.param == "sqlite":
        return Place(f"sqlite:///{tmp_path}/store.sqlite")
    url: str = request.getfixturevalue("_shared")
    empty(url)
    return Place(url)
