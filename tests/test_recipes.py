"""The queries that are shipped for Datasette run on a store."""

import sqlite3
from pathlib import Path

import pytest
import yaml

from tests.web.making import a_library, a_story

QUERIES = yaml.safe_load((Path(__file__).parents[1] / "config/datasette.yml").read_text())["databases"]["aggregator"][
    "queries"
]


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_for_datasette_runs(tmp_path: Path, name: str) -> None:
    with a_library(tmp_path, a_story(1)):
        connection = sqlite3.connect(tmp_path / "store.sqlite")
        found = connection.execute(QUERIES[name]["sql"], {"topic": "news"}).fetchall()
        connection.close()
    assert found or name in {"told_by_several", "edited", "names"}
