"""The reference names every field and every kind of change, as the schemas and the code do."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

from aggregator.model import ChangeKind

REFERENCE = Path(__file__).parents[2] / "docs/reference"
ROW = re.compile(r"^\| `(\w+)` \| (.*) \|$", re.MULTILINE)


def rows(page: str, heading: str) -> dict[str, str]:
    """Return field -> what is said of it, from the first table after a heading."""
    text = (REFERENCE / page).read_text(encoding="utf-8").partition(f"{heading}\n")[2]
    return dict(ROW.findall(text.partition("\n## ")[0]))


@pytest.mark.parametrize(
    ("page", "heading", "schema"),
    [("record.md", "# The record", "record.schema.json"), ("outputs.md", "## The envelope", "change.schema.json")],
)
def test_every_field_is_described_in_the_order_of_the_lines(page: str, heading: str, schema: str) -> None:
    shape: dict[str, Any] = json.loads((REFERENCE / schema).read_text(encoding="utf-8"))
    described = rows(page, heading)
    assert list(described) == list(shape["properties"]) == shape["required"]
    assert all(described.values())


def test_every_kind_of_change_is_described() -> None:
    kinds = re.findall(r"`(\w+)`", rows("outputs.md", "## The envelope")["kind"])
    schema = json.loads((REFERENCE / "change.schema.json").read_text(encoding="utf-8"))
    assert kinds == list(get_args(ChangeKind)) == schema["properties"]["kind"]["enum"]
