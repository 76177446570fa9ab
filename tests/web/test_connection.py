"""A client on the wire: what is no request, or has no end."""

import asyncio
from pathlib import Path

import pytest

from tests.web.making import a_library, a_story, browsing

HEAD = b"GET /news/story-1 HTTP/1.1\r\nHost: localhost\r\n"
LONG = b"X-Long: " + b"a" * 1000
SENT = {  # what begins a request, and what follows without end
    "a head": (HEAD, LONG + b"\r\n"),
    "a header": (HEAD + b"X-Long: ", b"a" * 1000),
    "an address": (b"GET /", b"a" * 1000),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", LONG + b"\r\n"),
    "a chunk's extension": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a" * 1000),
}
AT_MOST = 2_000_000  # bytes that are sent


@pytest.mark.parametrize("what", SENT)
async def test_a_request_without_an_end_is_refused(tmp_path: Path, what: str) -> None:
    """Else one client could have all of the memory."""
    begin, more = SENT[what]
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
            writer.write(begin)
            answered, sent = asyncio.create_task(reader.read(12)), 0
            while not answered.done():
                assert sent < AT_MOST
                writer.write(more * 10)
                sent += len(more) * 10
                await asyncio.sleep(0)  # the server is in the same loop
            assert await _told(answered) in (b"HTTP/1.1 400", b"reset")
            writer.close()


async def _told(answered: asyncio.Task[bytes]) -> bytes:
    try:
        return await answered
    except ConnectionError:
        return b"reset"  # it was hung up on before it read why


async def test_a_long_request_is_answered(tmp_path: Path) -> None:
    """In pieces, with a head of 32 KB; and so is the next one on the same connection."""
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
            for _ in range(3):
                writer.write(HEAD)
                for _ in range(32):
                    writer.write(LONG + b"\r\n")
                    await writer.drain()
                writer.write(b"\r\n")
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 200 OK\r\n")
                await reader.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            writer.close()


@pytest.mark.parametrize(
    "line", [b"\x00\x01\x02", b"GET /\xff HTTP/1.1", b"GET / HTTP/1.1\r\nHost", b"GET // // HTTP/1.1"]
)
async def test_what_is_no_request_is_400(tmp_path: Path, line: bytes) -> None:
    with a_library(tmp_path, a_story(1)) as store:
        async with browsing(store) as client:
            reader, writer = await asyncio.open_connection("127.0.0.1", client.base_url.port)
            writer.write(line + b"\r\n\r\n")
            assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
            writer.close()
