"""The site beside polling: whatever happens to it, polling goes on."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

import structlog

from aggregator.settings import Settings
from aggregator.store.contract import Store
from aggregator.subscriber import Subscriber
from aggregator.vitals import Vitals
from aggregator.web.writing import Writing

log = structlog.get_logger("aggregator.web")


@asynccontextmanager
async def site_beside(
    settings: Settings,
    store: Store,
    clock: Callable[[], datetime],
    writing: Writing,
    *,
    subscriber: Subscriber | None,
    vitals: Vitals,
) -> AsyncIterator[None]:
    """Serve the site during the block; none where ``[web] listen`` is "off", or where its address is taken.

    The store is told where it listens.
    """
    site = "off"
    async with AsyncExitStack() as stack:
        if settings.web.listen != "off":
            # Not at the top: commands that serve nothing need not wait for what it takes to.
            from aggregator.web.serving import serving  # noqa: PLC0415

            try:
                port = await stack.enter_async_context(
                    serving(settings, store, clock, writing, subscriber=subscriber, vitals=vitals)
                )
                site = f"{settings.web.listen.rpartition(':')[0]}:{port}"
            except OSError as error:
                log.warning("there is no site", listen=settings.web.listen, reason=error.strerror or str(error))
        store.tell_site(site)
        yield
