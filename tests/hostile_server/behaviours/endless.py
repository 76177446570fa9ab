"""Answers that take their time, or all of ours: most go on until the peer hangs up."""

import asyncio

from tests.hostile_server.visit import FEED, Behaviour, Visit, head

_PAUSE = 0.05  # seconds between the drops


async def silence(visit: Visit) -> None:
    """never answers"""
    await asyncio.Event().wait()


async def slow(visit: Visit) -> None:
    """the feed after 100 ms"""
    await asyncio.sleep(0.1)
    visit.answer(body=FEED)


async def slow_redirect(visit: Visit) -> None:
    """/slow-redirect?LOCATION: a redirect after 300 ms"""
    await asyncio.sleep(0.3)
    visit.answer(302, headers=[("Location", visit.query)])


async def drip_head(visit: Visit) -> None:
    """a header that grows by a byte every 50 ms"""
    visit.send(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        visit.send(b"x")
        await visit.flush()
        await asyncio.sleep(_PAUSE)


async def drip_body(visit: Visit) -> None:
    """a body that grows by a byte every 50 ms"""
    visit.send(head(200, [("Content-Length", str(len(FEED)))]))
    for position in range(len(FEED)):
        visit.send(FEED[position : position + 1])
        await visit.flush()
        await asyncio.sleep(_PAUSE)


async def endless_head(visit: Visit) -> None:
    """headers without end"""
    visit.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        visit.send(b"X-More: " + b"x" * 1000 + b"\r\n")
        await visit.flush()


async def endless_body(visit: Visit) -> None:
    """a body without end"""
    visit.send(head(200, [("Content-Type", "application/rss+xml")]) + FEED)
    while True:
        visit.send(b"<!-- and on -->" * 4096)
        await visit.flush()


async def endless_interim(visit: Visit) -> None:
    """an interim answer every 50 ms, never the real one"""
    while True:
        visit.send(head(103))
        await visit.flush()
        await asyncio.sleep(_PAUSE)


ENDLESS: dict[str, Behaviour] = {
    "slow": slow,
    "slow-redirect": slow_redirect,
    "silence": silence,
    "drip-head": drip_head,
    "drip-body": drip_body,
    "endless-head": endless_head,
    "endless-body": endless_body,
    "endless-interim": endless_interim,
}
