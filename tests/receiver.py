"""A receiver of webhooks on loopback, for tests: it verifies what it gets and answers what it is told to."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.threaded import serving

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One POST."""

    path: str
    headers: Mapping[str, str]  # lower-case names
    body: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        """The change in it."""
        return dict(json.loads(self.body))

    @property
    def is_signed(self) -> bool:
        """Whether the signature is right, computed as the specification says."""
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        return self.headers["webhook-signature"] == f"v1,{expected}"


Answer = tuple[int, dict[str, str]]


@dataclass
class Receiver:
    """``answer`` says what a message is answered; without an exception to that it is 204."""

    port: int
    answer: Callable[[Message], Answer] = lambda _: (204, {})
    got: list[Message] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/hook") -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.port}{path}"


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Receive during the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            receiver.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            message = Message(path=self.path, headers=headers, body=body)
            receiver.got.append(message)
            status, headers = receiver.answer(message)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with serving(Handler) as port:
        receiver = Receiver(port=port)
        yield receiver
