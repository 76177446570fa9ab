"""aggregator.toml -> `Settings`: every key with its default, every problem with file, line and column."""

from aggregator.settings.load import load
from aggregator.settings.models import Settings
from aggregator.settings.problems import ConfigError, Problem

__all__ = ["ConfigError", "Problem", "Settings", "load"]
