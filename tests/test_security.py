"""What docs/security.md promises."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (.+?) \| (.+?) \| `(tests/[\w/.]+)`: `(test_\w+)` \|$", re.MULTILINE)


def test_every_test_that_the_table_of_weaknesses_names_is_there() -> None:
    rows = ROW.findall((ROOT / "docs/security.md").read_text(encoding="utf-8"))
    assert len(rows) > 20
    for _, _, path, name in rows:
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8"), (path, name)
