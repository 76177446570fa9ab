"""Answers whose bytes do not add up."""

from tests.hostile_server.visit import FEED, Behaviour, Visit, answer, head

_LENGTH = str(len(FEED))
_CHUNK = f"{len(FEED):x}\r\n".encode() + FEED + b"\r\n"

# Raw bytes after which the connection is closed, and what they are.
RAW: dict[str, tuple[bytes, str]] = {
    "length-short": (head(200, [("Content-Length", str(len(FEED) + 100))]) + FEED, "closes 100 bytes early"),
    "length-huge": (head(200, [("Content-Length", "10000000000")]) + FEED, "announces 10 GB"),
    "lengths-differ": (head(200, [("Content-Length", _LENGTH), ("Content-Length", "5")]) + FEED, "two lengths"),
    "length-twice": (
        head(200, [("Content-Length", _LENGTH), ("Content-Length", _LENGTH)]) + FEED,
        "the same length twice",
    ),
    "length-and-chunked": (
        head(200, [("Content-Length", "5"), ("Transfer-Encoding", "chunked")]) + _CHUNK + b"0\r\n\r\n",
        "both framings; the chunks are right",
    ),
    "chunked": (head(200, [("Transfer-Encoding", "chunked")]) + _CHUNK + b"0\r\n\r\n", "a good chunked feed"),
    "chunked-cut": (head(200, [("Transfer-Encoding", "chunked")]) + _CHUNK, "no last chunk"),
    "chunked-nonsense": (head(200, [("Transfer-Encoding", "chunked")]) + b"zz\r\n" + FEED, "a size that is no number"),
    "until-close": (head(200) + FEED, "no length: the close ends it"),
    "icy": (b"ICY 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n" + FEED, "a radio station"),
    "garbage": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n", "no HTTP at all"),
    "silent-close": (b"", "closes without a byte"),
    "head-cut": (b"HTTP/1.1 200 OK\r\nContent-Ty", "closes inside the head"),
    "head-large": (head(200, [(f"X-{i}", "x" * 1000) for i in range(200)]) + FEED, "200 KB of headers"),
    "nul-header": (b"HTTP/1.1 200 OK\r\nX-Odd: a\x00b\r\nContent-Length: 0\r\n\r\n", "NUL inside a header"),
    "no-reason": (b"HTTP/1.1 200\r\nContent-Length: " + _LENGTH.encode() + b"\r\n\r\n" + FEED, "no reason phrase"),
    "http10": (b"HTTP/1.0 200 OK\r\n\r\n" + FEED, "HTTP/1.0"),
    "interim": (head(103, [("Link", "</style.css>")]) + answer(body=FEED), "103 Early Hints, then the feed"),
    "interim-flood": (head(103) * 500 + answer(body=FEED), "500 interim answers"),
    "tiny-chunks": (
        head(200, [("Transfer-Encoding", "chunked")]) + b"1\r\nx\r\n" * 150_000 + b"0\r\n\r\n",
        "150,000 chunks of a byte each",
    ),
}


def _raw(data: bytes, what: str) -> Behaviour:
    async def send(visit: Visit) -> None:
        visit.send(data)
        await visit.flush()
        visit.hang_up()

    send.__doc__ = what
    return send


async def stray(visit: Visit) -> None:
    """the feed, and behind it an answer that nobody asked for"""
    visit.send(answer(body=FEED) + answer(body=b"<rss><!-- stray --></rss>"))


async def goodbye(visit: Visit) -> None:
    """the feed, then a close that was not announced"""
    visit.send(answer(body=FEED))
    await visit.flush()
    visit.hang_up()


async def reset(visit: Visit) -> None:
    """a reset instead of an answer"""
    visit.writer.transport.abort()


FRAMING: dict[str, Behaviour] = {
    **{name: _raw(*what) for name, what in RAW.items()},
    "stray": stray,
    "goodbye": goodbye,
    "reset": reset,
}
