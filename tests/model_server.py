"""A server on loopback that speaks OpenAI's protocol, as well or as badly as it is told to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.threaded import serving

Reply = tuple[int, dict[str, str], bytes]


def completion(content: str, tokens: int | None = 100) -> Reply:
    """Return a good answer with that text."""
    usage = {} if tokens is None else {"usage": {"total_tokens": tokens}}
    body = {"choices": [{"message": {"role": "assistant", "content": content}}], **usage}
    return 200, {}, json.dumps(body).encode()


def said(**fields: object) -> Reply:
    """Return a good answer with that object."""
    return completion(json.dumps(fields))


def refused(status: int, **headers: str) -> Reply:
    """Return a refusal."""
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, b'{"error":{"message":"no"}}'


@dataclass
class ModelServer:
    """``reply`` says what a request is answered."""

    port: int
    reply: Callable[[dict[str, Any]], Reply] = lambda _: said()
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        """What goes into the settings."""
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def model_server() -> Iterator[ModelServer]:
    """Serve during the block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.asked.append(request)
            running.keys.append(self.headers["Authorization"])
            running.paths.append(self.path)
            status, headers, body = running.reply(request)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    with serving(Handler) as port:
        running = ModelServer(port=port)
        yield running
