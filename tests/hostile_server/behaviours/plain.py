"""Answers that are correct HTTP."""

from urllib.parse import parse_qsl, unquote_to_bytes

from tests.hostile_server.visit import FEED, Behaviour, Header, Visit


async def feed(visit: Visit) -> None:
    """a good RSS feed"""
    visit.answer(headers=[("Content-Type", "application/rss+xml")], body=FEED)


async def echo(visit: Visit) -> None:
    """the request's head as it came"""
    visit.answer(headers=[("Content-Type", "text/plain")], body=visit.head)


async def status(visit: Visit) -> None:
    """/status/CODE?HEADER=VALUE&…: that status with those headers"""
    body = b"the body of an error" if int(visit.argument) not in {204, 205, 304} else b""
    visit.answer(int(visit.argument), headers=parse_qsl(visit.query, keep_blank_values=True), body=body)


async def headers(visit: Visit) -> None:
    """/headers?HEADER=VALUE&…: the feed with those headers"""
    visit.answer(headers=parse_qsl(visit.query, keep_blank_values=True), body=FEED)


async def redirect(visit: Visit) -> None:
    """/redirect/CODE?LOCATION: LOCATION percent-decoded once, so redirects nest"""
    location: list[Header] = [("Location", unquote_to_bytes(visit.query))]
    visit.answer(int(visit.argument), headers=location, body=b"moved")


async def loop(visit: Visit) -> None:
    """/loop/a and /loop/b redirect to each other"""
    visit.answer(302, headers=[("Location", "/loop/b" if visit.argument == "a" else "/loop/a")])


async def hops(visit: Visit) -> None:
    """/hops/N: N redirects, then the feed"""
    left = int(visit.argument)
    visit.answer(302, headers=[("Location", f"/hops/{left - 1}" if left > 1 else "/feed")])


async def cookie(visit: Visit) -> None:
    """sets a cookie and echoes the request's head"""
    visit.answer(headers=[("Set-Cookie", "track=1; Path=/")], body=visit.head)


async def cookie_redirect(visit: Visit) -> None:
    """sets a cookie and redirects to /echo"""
    visit.answer(302, headers=[("Set-Cookie", "track=1; Path=/"), ("Location", "/echo")])


async def empty(visit: Visit) -> None:
    """200 without a byte"""
    visit.answer()


async def blank(visit: Visit) -> None:
    """200 with white space only"""
    visit.answer(body=b" \r\n\t\n")


async def login(visit: Visit) -> None:
    """200 with a page instead of a feed"""
    visit.answer(headers=[("Content-Type", "text/html")], body=b"<!doctype html><title>Log in</title>")


PLAIN: dict[str, Behaviour] = {
    "feed": feed,
    "echo": echo,
    "status": status,
    "headers": headers,
    "redirect": redirect,
    "loop": loop,
    "hops": hops,
    "cookie": cookie,
    "cookie-redirect": cookie_redirect,
    "empty": empty,
    "blank": blank,
    "login": login,
}
