"""A publisher and its hub in one server on loopback, over TLS where a secret is to be agreed on."""

import hashlib
import hmac
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.hostile_server.server import CERTIFICATE
from tests.threaded import serving

Headers = Sequence[tuple[str, str]]
Answer = tuple[int, Headers, bytes]


@dataclass
class Hub:
    """``pages`` are what is published; every path can be posted to, and answers 202 or as ``answers`` say."""

    port: int
    scheme: str
    pages: dict[str, Answer] = field(default_factory=dict)
    answers: dict[str, tuple[int, Headers]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)  # (path, form)
    got: list[str] = field(default_factory=list)  # paths of GET requests

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def publish(self, path: str, body: str, *headers: tuple[str, str]) -> str:
        """Put a document at a path; return its URL."""
        etag = hashlib.blake2b(body.encode(), digest_size=6).hexdigest()
        self.pages[path] = (200, [*headers, ("ETag", f'"{etag}"')], body.encode())
        return self.url(path)

    def redirect(self, path: str, status: int, to: str) -> str:
        """Have GET and POST of a path answered by a redirect; return its URL."""
        self.pages[path] = (status, [("Location", to)], b"")
        self.answers[path] = (status, [("Location", to)])
        return self.url(path)

    @property
    def forms(self) -> list[dict[str, str]]:
        """What it was asked, less what it redirected."""
        return [form for path, form in self.asked if path not in self.answers]

    async def verify(self, site: httpx.AsyncClient, form: dict[str, str], **changes: str) -> httpx.Response:
        """Verify what it was asked (WebSub, section 5.3)."""
        fields = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": "<b>1</b>",
            "hub.lease_seconds": "864000",
        } | {name.replace("_", ".", 1): value for name, value in changes.items()}
        stated = {name: value for name, value in fields.items() if value}
        return await site.get(urlsplit(form["hub.callback"]).path, params=stated)

    async def deliver(
        self, site: httpx.AsyncClient, form: dict[str, str], body: bytes, *, method: str = "sha256", **headers: str
    ) -> httpx.Response:
        """Send what is new (WebSub, section 7), signed where there is a secret; "" signs nothing."""
        signed = {}
        if method and "hub.secret" in form:
            digest = hmac.new(form["hub.secret"].encode(), body, getattr(hashlib, method)).hexdigest()
            signed = {"X-Hub-Signature": f"{method}={digest}"}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await site.post(urlsplit(form["hub.callback"]).path, content=body, headers={**signed, **named})


@contextmanager
def a_hub(*, tls: bool = True) -> Iterator[Hub]:
    """Publish and listen during the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            hub.got.append(self.path)
            self._answer(*hub.pages.get(self.path, (404, [], b"")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
            form = parse_qs(body.decode(), strict_parsing=True)
            assert all(len(values) == 1 for values in form.values())
            hub.asked.append((self.path, {name: value for name, (value,) in form.items()}))
            status, headers = hub.answers.get(self.path, (202, []))
            self._answer(status, headers, b"")

        def _answer(self, status: int, headers: Headers, body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    context = None
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
    with serving(Handler, context) as port:
        hub = Hub(port=port, scheme="https" if tls else "http")
        yield hub
