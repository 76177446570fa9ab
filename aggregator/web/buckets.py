"""How many requests one client may make: a bucket of tokens for each address."""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

_BURST_SECONDS = 10  # of its rate, that a client may use at once
_MOST_CLIENTS = 10_000  # that are remembered; who is forgotten has a full bucket


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime


class Buckets:
    """A bucket for each client, filled with so many tokens a second; with a rate of 0 nobody needs any."""

    def __init__(self, rate: int, clock: Callable[[], datetime]) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, address: str) -> float:
        """Take a token; return how many seconds there is to wait where there was none, else 0."""
        if not self._rate:
            return 0.0
        bucket, now = self._bucket(_client(address)), self._clock()
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.tokens = min(self._rate * _BURST_SECONDS, bucket.tokens + passed * self._rate)
        bucket.at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._rate
        bucket.tokens -= 1
        return 0.0

    def _bucket(self, client: str) -> _Bucket:
        bucket = self._buckets.get(client)
        if bucket is None:
            bucket = self._buckets[client] = _Bucket(self._rate * _BURST_SECONDS, self._clock())
        self._buckets.move_to_end(client)
        if len(self._buckets) > _MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return bucket


def _client(address: str) -> str:
    """Return who has an address: of IPv6, whoever has the network of 64 bits."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(read) if read.version == 4 else str(ipaddress.ip_network((read, 64), strict=False))
