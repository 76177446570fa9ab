"""``aggregator check``: is the configuration right?"""

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say


def check(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Say whether the configuration is right.

    Reads it and all the lists it includes, and prints every problem with file, line and column.

    Exit status: 0 when a daemon would start with it, 78 when not.

    \b
    Example:
      aggregator check -c config/aggregator.toml
    """
    configuration = configured(config)
    for note in configuration.notes:
        complain(f"note: {note}")
    enabled = sum(feed.enabled for feed in configuration.feeds)
    say(f"{config}: {len(configuration.feeds)} feeds, {enabled} enabled")
