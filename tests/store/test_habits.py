"""What the code does not do, so that it need not be tested."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "aggregator").rglob("*.py"))


def nodes(*paths: Path) -> Iterator[ast.AST]:
    """Yield every node of these files."""
    for path in paths:
        yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def test_nothing_of_sqlite_utils_that_writes_is_used() -> None:
    """SU-01, SU-03, SU-08, SU-10…15, SU-18: a database is a connection with our own SQL, and its migrations."""
    users = [path for path in SOURCES if "sqlite_utils" in path.read_text(encoding="utf-8")]
    assert {path.parent.name for path in users} == {"sqlite"}
    imported = {
        name.name
        for node in nodes(*users)
        if isinstance(node, ast.ImportFrom) and node.module == "sqlite_utils"
        for name in node.names
    }
    assert imported == {"Database", "Migrations"}
    used = {
        node.attr
        for node in nodes(*users)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"db", "self._db", "migrations"}
    }
    assert used <= {"conn", "close", "table_names", "apply"}


def test_no_plugin_runs_and_no_database_is_a_context() -> None:
    """SU-06, SU-19: plugins of sqlite-utils are code that happens to be installed."""
    made = [ast.unparse(node) for node in nodes(*SOURCES) if isinstance(node, ast.Call)]
    databases = [call for call in made if call.startswith("Database(")]
    assert databases
    assert all("execute_plugins=False" in call for call in databases)
    contexts = [ast.unparse(node.context_expr) for node in nodes(*SOURCES) if isinstance(node, ast.withitem)]
    assert not [context for context in contexts if context in {"db", "self._db"} or context.startswith("Database(")]


def test_no_statement_is_left_open() -> None:
    """SU-09: in SQLite INSERT … RETURNING leaves a transaction open until its rows are read; none is used there."""
    sources = [path for path in SOURCES if path.parent.name != "postgres"]
    assert not [path for path in sources if re.search(r"\bRETURNING\b", path.read_text(encoding="utf-8"))]


def test_nobody_forks() -> None:
    """SQ-14: a child would share the store's connection; workers are new processes."""
    text = {path: path.read_text(encoding="utf-8") for path in SOURCES}
    assert not [path for path, source in text.items() if re.search(r"os\.fork|[\"']fork(?:server)?[\"']", source)]


def test_the_library_is_pinned() -> None:
    """SU-17: 4.2.0 imports what it does not declare; 5 will be another API."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert [name for name in needed if name.startswith("sqlite-utils")] == ["sqlite-utils>=4.2.1,<5"]
