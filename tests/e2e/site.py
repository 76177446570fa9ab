"""A web server of feeds on loopback, for tests that run the program as a process."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

PLAIN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a path answers."""

    body: bytes
    status: int = PLAIN
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def feed(cls, text: str, **headers: str) -> Self:
        """Return an XML feed."""
        return cls(body=text.encode(), headers={"Content-Type": "application/xml", **headers})


class Site:
    """Paths and what they answer; ``seen`` lists (path, request headers) as they came."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: dict[str, Answer | Callable[[], Answer]] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []

    def url(self, path: str, address: str = "127.0.0.1") -> str:
        """Return the URL of a path; every address 127.x.y.z is this site."""
        return f"http://{address}:{self.port}{path}"


@contextmanager
def serving() -> Iterator[Site]:
    """Serve a site during the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = site.answers.get(self.path, Answer(body=b"nothing here", status=404))
            if not isinstance(answer, Answer):
                answer = answer()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 512

        def handle_error(self, request: object, client_address: object) -> None:
            """A killed client is what these tests are about."""

    server = Server(("0.0.0.0", 0), Handler)
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def rss(*items: str, title: str = "A feed", link: str = "https://site.example/") -> str:
    """Return an RSS 2.0 document of these items."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>{title}</title>'
        f"<link>{link}</link><description>x</description>{''.join(items)}</channel></rss>"
    )


def item(link: str, *, title: str = "A story about something", body: str = "It happened.", guid: str = "") -> str:
    """Return an RSS item; ``body`` is HTML. Without a guid it has none."""
    escaped = [text.replace("&", "&amp;").replace("<", "&lt;") for text in (title, link, body)]
    stated = f'<guid isPermaLink="false">{guid}</guid>' if guid else ""
    title, link, body = escaped
    return f"<item><title>{title}</title><link>{link}</link>{stated}<description>{body}</description></item>"
