"""Serve until interrupted; print the base URL and the list of behaviours."""

import asyncio
import contextlib
import sys

from tests.hostile_server import BEHAVIOURS, serving


async def main() -> None:
    """Serve on 127.0.0.1 and 127.0.0.2."""
    async with serving() as server:
        lines = [f"{server.base_url}/{name:<18} {act.__doc__}" for name, act in sorted(BEHAVIOURS.items())]
        sys.stdout.write("\n".join([server.base_url, *lines, ""]))
        sys.stdout.flush()
        await asyncio.Event().wait()


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main())
