"""The commands, one file each."""

from aggregator.cli.main import main

__all__ = ["main"]
