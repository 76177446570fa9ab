"""An HTTP proxy on loopback that knows a few names and notes what it is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class ProxyServer:
    """Passes on absolute URLs and tunnels, to 127.0.0.1 whatever the name."""

    def __init__(self, target: int, refusal: bytes) -> None:
        self.port = 0
        self.heads: list[bytes] = []
        self._target = target
        self._refusal = refusal

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection to its end."""
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        if self._refusal:
            writer.write(self._refusal)
            writer.close()
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self._target)
        if head.startswith(b"CONNECT "):
            writer.write(b"HTTP/1.1 200 Established\r\n\r\n")
        else:
            method, url, rest = head.split(b" ", 2)
            onward.write(method + b" /" + url.split(b"/", 3)[3] + b" " + rest)
        await asyncio.gather(_pump(reader, onward), _pump(there, writer))


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def proxying(target: int, *, refusal: bytes = b"") -> AsyncIterator[ProxyServer]:
    """Serve a proxy whose every name is the server on the port ``target``, or that refuses."""
    proxy = ProxyServer(target, refusal)
    conversations: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(proxy.converse(reader, writer))
        conversations.add(task)
        task.add_done_callback(conversations.discard)

    listener = await asyncio.start_server(accept, "127.0.0.1", 0)
    proxy.port = listener.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        listener.close()
        for task in tuple(conversations):
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await asyncio.sleep(0)
