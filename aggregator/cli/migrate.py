"""``aggregator migrate``: the tables of the store."""

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.store.location import open_store


def migrate(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Make the tables of the store, or bring those of an older version up to date.

    In PostgreSQL nothing else does: every other command refuses tables that are not of its version. Stop all that use
    the store before an upgrade. Two that migrate at once do no harm: one waits, and finds it done. In an SQLite file
    `run` and `poll` do it by themselves; the file is copied before.

    Exit status: 0 the tables are those of this version, 69 they cannot be, 75 a process polls the SQLite file.

    \b
    Example:
      aggregator migrate -c /etc/aggregator/aggregator.toml
    """
    store = open_store(configured(config).settings.store.url, create=True)
    before, after = store.migrate()
    store.close()
    if before == after:
        say(f"nothing to do: the tables are of schema {after}")
    else:
        say(f"schema {after} is made" if before == 0 else f"from schema {before} to {after}")
