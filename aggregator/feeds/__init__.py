"""Which feeds there are: the configuration's own and those of every list it includes."""

from aggregator.feeds.edit import EditError, add, remove, set_enabled
from aggregator.feeds.load import Configuration, load
from aggregator.settings.values import shown

__all__ = ["Configuration", "EditError", "add", "load", "remove", "set_enabled", "shown"]
