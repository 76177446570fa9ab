"""Connections kept for a moment, because the next feed of the same host may follow at once (HT-12)."""

import asyncio

from aggregator.fetch.exchange import Exchange
from aggregator.fetch.proxy import Proxy

Peer = tuple[str, str, int, Proxy | None]  # scheme, host, port, and what is asked in its place

_KEPT_SECONDS = 10.0
_MOST_KEPT = 64


class IdleConnections:
    """At most 64 connections, each kept for ten seconds."""

    def __init__(self) -> None:
        self._kept: dict[Exchange, tuple[Peer, asyncio.TimerHandle]] = {}  # oldest first

    def take(self, peer: Peer) -> Exchange | None:
        """Return a connection to ``peer`` that is still open."""
        for exchange in [known for known, (where, _) in self._kept.items() if where == peer]:
            self._forget(exchange)
            if exchange.is_open:
                return exchange
            exchange.close()
        return None

    def put(self, peer: Peer, exchange: Exchange) -> None:
        """Keep a connection; the oldest goes where there are too many."""
        if len(self._kept) >= _MOST_KEPT:
            self._drop(next(iter(self._kept)))
        timer = asyncio.get_running_loop().call_later(_KEPT_SECONDS, self._drop, exchange)
        self._kept[exchange] = (peer, timer)

    def close(self) -> None:
        """Drop them all."""
        for exchange in tuple(self._kept):
            self._drop(exchange)

    def _drop(self, exchange: Exchange) -> None:
        self._forget(exchange)
        exchange.close()

    def _forget(self, exchange: Exchange) -> None:
        _, timer = self._kept.pop(exchange)
        timer.cancel()
