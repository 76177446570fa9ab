"""The site on a socket, within a running event loop."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime

import structlog
import uvicorn

from aggregator.settings import Settings
from aggregator.store.contract import Store
from aggregator.subscriber import Subscriber
from aggregator.vitals import Vitals
from aggregator.web.app import application
from aggregator.web.buckets import Buckets
from aggregator.web.cache import Cache
from aggregator.web.connection import Connection
from aggregator.web.guard import Application
from aggregator.web.listeners import Listeners
from aggregator.web.pages import Pages
from aggregator.web.reading import Reading
from aggregator.web.site import Site
from aggregator.web.tail import Tail
from aggregator.web.writing import Writing

_CACHED_BYTES = 32 * 2**20
_BACKLOG = 512

log = structlog.get_logger("aggregator.web")


@asynccontextmanager
async def serving(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    writing: Writing | None = None,
    *,
    subscriber: Subscriber | None = None,
    vitals: Vitals | None = None,
) -> AsyncIterator[int]:
    """Serve the site during the block; offer the port. Raises OSError where ``[web] listen`` cannot be had."""
    with listening(settings.web.listen) as listener:
        async with Reading(store) as reading:
            stopping = asyncio.Event()
            site = Site(
                reading=reading,
                pages=Pages(settings.site.base_url, has_clusters=settings.enrich.stories),
                cache=Cache(_CACHED_BYTES),
                base_url=settings.site.base_url,
                token=settings.web.token,
                clock=clock,
                tail=Tail(reading, stopping),
                buckets=Buckets(settings.web.rate, clock),
                listeners=Listeners(settings.web.listeners),
                writing=writing,
                stopping=stopping,
                vitals=vitals or Vitals(clock()),
                holder=store.holder,
                hubs=settings.websub.hubs,
                subscriber=subscriber,
            )
            async with _running(application(site), listener, site.stopping):
                host, port, *_ = listener.getsockname()
                log.info("the site is open", address=f"http://{f'[{host}]' if ':' in host else host}:{port}/")
                yield port


def listening(address: str) -> socket.socket:
    """Return a socket that listens at ``address:port``. Raises OSError."""
    host, _, port = address.rpartition(":")
    family = socket.AF_INET6 if host.startswith("[") else socket.AF_INET
    listener = socket.create_server((host.strip("[]"), int(port)), family=family, backlog=_BACKLOG)
    # asyncio sees to it only for sockets that were made as TCP by name: without it an answer takes 40 ms (Nagle).
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class _Server(uvicorn.Server):
    """Leaves signals to the process that it runs in."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _running(app: Application, listener: socket.socket, stopping: asyncio.Event) -> AsyncIterator[None]:
    config = uvicorn.Config(
        app,
        http=Connection,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=3,
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        stopping.set()
        server.should_exit = True
        await task
