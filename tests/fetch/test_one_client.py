"""There is one way out (SS-15, HX-20)."""

import ast
import ssl
from pathlib import Path

import aggregator
from aggregator.fetch.guard import Guard
from aggregator.fetch.transport import GuardedTransport

ROOT = Path(aggregator.__file__).parent
CLIENTS = {
    "aiohttp",
    "h11",
    "http.client",
    "httpcore",
    "httpx",
    "requests",
    "socket",
    "ssl",
    "urllib.request",
    "urllib3",
}

NOT_TO_STRANGERS = {
    Path("web/serving.py"),  # listens only
    Path("cli/healthcheck.py"),  # to where we listen
    Path("url/addresses.py"),  # spells an address
    Path("notify.py"),  # to the service manager, through a socket in the file system
}


def _imported(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_nothing_outside_this_room_can_send_a_request() -> None:
    """SS-15: every kind of request, whatever it will be for, goes through the one guarded fetcher."""
    outside = [
        file
        for file in ROOT.rglob("*.py")
        if file.relative_to(ROOT).parts[0] != "fetch" and file.relative_to(ROOT) not in NOT_TO_STRANGERS
    ]
    assert len(outside) > 50
    assert {file.name: found for file in outside if (found := _imported(file) & CLIENTS)} == {}


def test_http_2_is_not_offered() -> None:
    """HX-20, HT-11: so there is no frame to be flooded with."""
    client, server = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = GuardedTransport(Guard(opened=(), ports=()))._tls.wrap_bio(server, client, server_hostname="example.org")
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        hello = client.read()
    assert b"example.org" in hello
    assert b"\x02h2" not in hello
