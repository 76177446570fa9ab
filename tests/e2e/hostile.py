"""Everything that the hostile server can show, as feeds of a daemon that is watched from outside."""

import asyncio
import json
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

from aggregator.daemon import clock
from aggregator.store.location import open_store
from tests.e2e.project import Project
from tests.hostile_server import BEHAVIOURS, HostileServer, redirect
from tests.hostile_server.behaviours.bodies import BODIES
from tests.hostile_server.behaviours.codings import CODINGS
from tests.hostile_server.behaviours.validators import ETAGS

_SCHEDULE = '[schedule]\nmin = "1h"\ndefault = "1h"\n'
_QUERIES = {
    "status": ["/status/204", "/status/304", "/status/404", "/status/410", "/status/418", "/status/500", "/status/999"],
    "headers": ["/headers?Cache-Control=max-age=0&Link=<x>;rel=next&Date=never&Content-Type=text/plain;charset=rot13"],
    "redirect": [redirect(301, "/feed"), redirect(307, "file:///etc/passwd"), redirect(302, "http://10.255.255.1/")],
    "loop": ["/loop/a"],
    "hops": ["/hops/3", "/hops/50"],
    "slow-redirect": ["/slow-redirect?/feed"],
    "etag": [f"/etag/{kind}" for kind in ETAGS],
}
_PATIENCE = 120.0  # seconds that no round takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a daemon held and lost when a round of polls was over."""

    daemon: int  # bytes: resident in the daemon itself
    tree: int  # bytes: with its workers, what they share counted once
    workers: frozenset[int]  # the processes that digest
    lost: Counter[str]  # path -> how many workers it has cost in this round

    def __str__(self) -> str:
        """Return a line of a table."""
        lost = " ".join(sorted(self.lost.elements()))
        return f"daemon {self.daemon / 2**20:.1f} MiB, with workers {self.tree / 2**20:.1f} MiB, lost: {lost or '-'}"


def paths(server: HostileServer, secret: Path) -> dict[str, list[str]]:
    """Return what to ask for to see each behaviour; ``secret`` is a file that no feed may read."""
    special = _QUERIES | {"xxe": [f"/xxe?{secret.as_uri()}", f"/xxe?{server.url('/canary', host='127.0.0.2')}"]}
    return {name: special.get(name, [f"/{name}"]) for name in BEHAVIOURS}


async def baked(server: HostileServer) -> None:
    """Return once the bombs are made: it takes the server a moment in which it answers nobody."""
    for name in (*BODIES, *CODINGS):
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(f"GET /{name} HTTP/1.1\r\n\r\n".encode())
        await reader.readline()
        writer.transport.abort()
    server.heads.clear()


class Daemon:
    """``aggregator run`` on a list of feeds that it polls when told."""

    def __init__(self, project: Project, process: subprocess.Popen[bytes], feeds: Iterable[str]) -> None:
        self._project = project
        self._feeds = frozenset(feeds)
        self._process = psutil.Process(process.pid)
        self._read = 0  # lines of the log

    async def round(self, *, first: bool) -> Sample:
        """Have every feed polled once; return what is left of it."""
        if not first:
            await asyncio.to_thread(self._ask)
        events: list[dict[str, Any]] = []
        async with asyncio.timeout(_PATIENCE):
            while not self._feeds <= {event["feed"] for event in events if event["event"] == "poll"}:
                await asyncio.sleep(0.05)
                events = self._project.log()[self._read :]
        self._read += len(events)
        lost = (urlsplit(event["feed"]).path for event in events if event["event"] == "worker lost")
        return self._sample(Counter(lost))

    def reasons(self) -> dict[str, str]:
        """Return path -> state and last error of every feed, as ``aggregator status`` has them."""
        told = json.loads(self._project.run("status", "--json", status=1).stdout)
        return {urlsplit(feed["url"]).path: f"{feed['state']} {feed['reason'] or ''}" for feed in told["feeds"]}

    def _ask(self) -> None:
        store = open_store(f"sqlite:///{self._project.folder / 'store.sqlite'}")
        now = clock()
        try:
            with store.work() as work:
                work.feeds.ask(None, now, recent=now, stopped=True)
        finally:
            store.close()

    def _sample(self, lost: Counter[str]) -> Sample:
        # The first child of its kind keeps track of semaphores for the others.
        children = [child for child in self._process.children() if "resource_tracker" not in " ".join(child.cmdline())]
        return Sample(
            daemon=self._process.memory_info().rss,
            tree=sum(process.memory_full_info().pss for process in (self._process, *self._process.children())),
            workers=frozenset(child.pid for child in children),
            lost=lost,
        )


@contextmanager
def watched(folder: Path, feeds: Sequence[str], *, beside: Sequence[str], timeout: str) -> Iterator[Daemon]:
    """Run a daemon during the block, on the feeds and on those ``beside``, which no round waits for."""
    project = Project(folder, [*feeds, *beside], _SCHEDULE)
    project.config.write_text(project.config.read_text().replace('timeout = "10s"', f'timeout = "{timeout}"'))
    with project.start() as process:
        try:
            yield Daemon(project, process, feeds)
        finally:
            process.terminate()
    assert process.returncode == 0
