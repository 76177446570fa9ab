"""A site whose event loop is a thread's: tests that steer a browser wait in their own."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from datetime import datetime

from aggregator.settings import Settings
from aggregator.settings.models import EnrichSettings, SiteSettings
from aggregator.store.contract import Store
from aggregator.web.serving import serving
from tests.web.making import BASE, OPEN

_SETTINGS = Settings(site=SiteSettings(base_url=BASE), web=OPEN, enrich=EnrichSettings(stories=True))
PATIENCE = 30  # seconds, for what takes a moment


@contextmanager
def served(store: Store, clock: Callable[[], datetime]) -> Iterator[str]:
    """Serve the store during the block; offer the address, without a slash at its end."""
    opened: Future[int] = Future()
    closing = asyncio.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def serve() -> None:
        loops.append(asyncio.get_running_loop())
        async with serving(_SETTINGS, store, clock) as port:
            opened.set_result(port)
            await closing.wait()

    def run() -> None:
        try:
            asyncio.run(serve())
        except BaseException as error:
            if opened.done():
                raise
            opened.set_exception(error)

    thread = threading.Thread(target=run, name="site under test")
    thread.start()
    try:
        yield f"http://127.0.0.1:{opened.result(PATIENCE)}"
    finally:
        if opened.done() and not opened.exception():
            loops[0].call_soon_threadsafe(closing.set)
        thread.join()
