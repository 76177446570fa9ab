"""URL to bytes: the HTTP client, the address guard, bounded decoding, and the budget of each origin."""

from aggregator.fetch.budget import Limits, OriginBudget, OriginPausedError
from aggregator.fetch.fetcher import Fetcher
from aggregator.fetch.policy import FetchPolicy, FetchRequest, configured_ports
from aggregator.fetch.post import Poster
from aggregator.fetch.scope import Group, Origins, group_origin

__all__ = [
    "FetchPolicy",
    "FetchRequest",
    "Fetcher",
    "Group",
    "Limits",
    "OriginBudget",
    "OriginPausedError",
    "Origins",
    "Poster",
    "configured_ports",
    "group_origin",
]
