"""What servers do with ETag and Last-Modified."""

from tests.hostile_server.visit import FEED, Behaviour, Header, Visit, head

DATE = "Sun, 18 Oct 2026 10:00:00 GMT"
ETAGS: dict[str, bytes] = {
    "strong": b'"abc"',
    "weak": b'W/"abc"',
    "unquoted": b"abc",
    "apache": b'"27dc5-1, 2-gzip"',
    "latin": b'"caf\xe9"',
    "huge": b'"' + b"x" * 5000 + b'"',
}


async def etag(visit: Visit) -> None:
    """/etag/KIND: strong, weak, unquoted, apache, latin or huge; 304 when it comes back byte for byte"""
    tag = ETAGS[visit.argument]
    headers: list[Header] = [("ETag", tag)]
    if visit.header("If-None-Match") == tag:
        visit.answer(304, headers=headers)
    else:
        visit.answer(headers=headers, body=FEED)


async def modified(visit: Visit) -> None:
    """a Last-Modified in no known format; 304 when it comes back verbatim"""
    date = "Sonntag 18.10.2026, 10 Uhr MESZ"
    if visit.header("If-Modified-Since") == date.encode():
        visit.answer(304)
    else:
        visit.answer(headers=[("Last-Modified", date)], body=FEED)


async def both(visit: Visit) -> None:
    """ETag and Last-Modified with every answer; 304 to any condition"""
    known = visit.header("If-None-Match") or visit.header("If-Modified-Since")
    visit.answer(304 if known else 200, headers=[("ETag", '"1"'), ("Last-Modified", DATE)], body=b"" if known else FEED)


async def two_etags(visit: Visit) -> None:
    """two ETag headers"""
    visit.answer(headers=[("ETag", '"first"'), ("ETag", '"last"')], body=FEED)


async def unchanged(visit: Visit) -> None:
    """304 whatever is asked, with no validator"""
    visit.answer(304)


async def renewed(visit: Visit) -> None:
    """304 whatever is asked, with a new ETag"""
    visit.answer(304, headers=[("ETag", '"renewed"')])


async def unchanged_with_body(visit: Visit) -> None:
    """304 with a body, which no 304 has"""
    visit.send(head(304, [("ETag", '"1"'), ("Content-Length", str(len(FEED)))]) + FEED)


VALIDATORS: dict[str, Behaviour] = {
    "etag": etag,
    "modified": modified,
    "both": both,
    "two-etags": two_etags,
    "unchanged": unchanged,
    "renewed": renewed,
    "unchanged-with-body": unchanged_with_body,
}
