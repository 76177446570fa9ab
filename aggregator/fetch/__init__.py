"""URL to bytes: the HTTP client, the address guard, bounded decoding, and the budget of each origin."""

from aggregator.fetch.budget import OriginBudget
from aggregator.fetch.fetcher import Fetcher
from aggregator.fetch.policy import FetchPolicy, FetchRequest, configured_ports

__all__ = ["FetchPolicy", "FetchRequest", "Fetcher", "OriginBudget", "configured_ports"]
