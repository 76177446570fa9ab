"""Which feeds there are: the configuration's own and those of every list it includes; finding and editing them."""

from aggregator.feeds.compare import Comparison, compare
from aggregator.feeds.discover import Candidate, Discovery, discover
from aggregator.feeds.edit import EditError, add, add_all, add_beside, remove, set_enabled
from aggregator.feeds.lists import LARGEST, is_private, read_import
from aggregator.feeds.load import Configuration, load
from aggregator.feeds.outlines import to_opml
from aggregator.settings.values import shown

__all__ = [
    "LARGEST",
    "Candidate",
    "Comparison",
    "Configuration",
    "Discovery",
    "EditError",
    "add",
    "add_all",
    "add_beside",
    "compare",
    "discover",
    "is_private",
    "load",
    "read_import",
    "remove",
    "set_enabled",
    "shown",
    "to_opml",
]
