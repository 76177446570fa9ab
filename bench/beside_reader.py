"""Reads record pages at a rate until a line comes: ``python -m bench.beside_reader PORT RATE SLUG…``."""

import asyncio
import statistics
import sys
import time

_CONNECTIONS = 8


async def main(port: int, rate: int, slugs: list[str]) -> None:
    """Print what was read, and how soon."""
    stopping = asyncio.Event()
    took: list[float] = []
    loops = [asyncio.create_task(_read(port, rate / _CONNECTIONS, slugs, stopping, took)) for _ in range(_CONNECTIONS)]
    print("reading", flush=True)
    began = time.perf_counter()
    await asyncio.to_thread(sys.stdin.readline)
    stopping.set()
    await asyncio.gather(*loops)
    a_second = len(took) / (time.perf_counter() - began)
    print(f"record pages: {a_second:.0f} a second, {1000 * statistics.median(took):.1f} ms each (median)")


async def _read(port: int, rate: float, slugs: list[str], stopping: asyncio.Event, took: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    number, due = 0, time.perf_counter()
    while not stopping.is_set():
        due += 1 / rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        asked = time.perf_counter()
        writer.write(f"GET /news/{slugs[number % len(slugs)]} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        took.append(time.perf_counter() - asked)
        number += 1
    writer.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
