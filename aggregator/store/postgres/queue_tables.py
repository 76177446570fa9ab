"""The tables of the queue, Procrastinate's own, in the same database: made and brought up to date with the store's."""

from pathlib import Path

from procrastinate.schema import SchemaManager

from aggregator.store.postgres.connection import Sql

_MAKE = "CREATE TABLE IF NOT EXISTS queue_steps (name text PRIMARY KEY)"


def bring_up(sql: Sql) -> None:
    """Make the queue's tables, or take the steps that they have not seen; within the transaction of the caller."""
    sql.execute(_MAKE)
    steps = {path.name: path for path in Path(SchemaManager.get_migrations_path()).glob("*.sql")}
    (is_there,) = sql.one("SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
    seen = {name for (name,) in sql.execute("SELECT name FROM queue_steps").fetchall()}
    if not is_there:
        sql.execute(SchemaManager.get_schema().encode())
        seen = set(steps)
    for name in sorted(steps.keys() - seen):
        sql.execute(steps[name].read_bytes())
    sql.many("INSERT INTO queue_steps VALUES (%s) ON CONFLICT DO NOTHING", [(name,) for name in sorted(steps)])
