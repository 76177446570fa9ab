"""The listener: reads a head, finds the behaviour, lets it answer."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from tests.hostile_server.behaviours import BEHAVIOURS
from tests.hostile_server.visit import Behaviour, Visit

CERTIFICATE = Path(__file__).with_name(
    "certificate.pem"
)  # self-signed, for localhost and 127.0.0.1; signs nothing real


class HostileServer:
    """What a test sees of the server."""

    def __init__(self, behaviours: Mapping[str, Behaviour], scheme: str) -> None:
        self._behaviours = behaviours
        self._scheme = scheme
        self.port = 0
        self.connections = 0  # accepted so far
        self.heads: list[bytes] = []  # of every request, raw
        self.asked = asyncio.Event()  # set by the first request

    @property
    def base_url(self) -> str:
        """The URL without a path, on 127.0.0.1."""
        return self.url("")

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """Return the URL of ``path`` at one of the hosts served."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until either side has enough."""
        self.connections += 1
        try:
            while not writer.is_closing():
                await self._respond(await reader.readuntil(b"\r\n\r\n"), writer)
        except asyncio.CancelledError:
            writer.transport.abort()
        except (OSError, asyncio.IncompleteReadError):
            pass  # the peer has had enough
        finally:
            writer.close()

    async def _respond(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        self.heads.append(head)
        self.asked.set()
        path, _, query = head.split(b" ")[1].decode("latin-1").partition("?")
        name, _, argument = path.removeprefix("/").partition("/")
        visit = Visit(head=head, argument=argument, query=query, writer=writer)
        await self._behaviours.get(name, _unknown)(visit)
        await visit.flush()


async def _unknown(visit: Visit) -> None:
    visit.answer(404)


@asynccontextmanager
async def serving(
    *,
    hosts: Sequence[str] = ("127.0.0.1", "127.0.0.2"),
    behaviours: Mapping[str, Behaviour] = BEHAVIOURS,
    tls: bool = False,
) -> AsyncIterator[HostileServer]:
    """Serve on one port of every host until the block ends; conversations under way are cut off."""
    server = HostileServer(behaviours, "https" if tls else "http")
    context = _context() if tls else None
    conversations: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(server.converse(reader, writer))
        conversations.add(task)
        task.add_done_callback(conversations.discard)

    listeners: list[asyncio.Server] = []
    try:
        for host in hosts:
            listeners.append(await asyncio.start_server(accept, host, server.port, ssl=context, backlog=1024))
            server.port = listeners[0].sockets[0].getsockname()[1]
        yield server
    finally:
        for listener in listeners:
            listener.close()
        await asyncio.sleep(0)  # what was accepted just now becomes a conversation
        for task in tuple(conversations):
            task.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)
        await asyncio.sleep(0)  # their connections are lost


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context
