"""Polls as spans: what they say, where they go, and that nothing is paid for while nobody wants them."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aggregator.poll import Report
from aggregator.settings import Settings, load
from aggregator.store.plan import Applied
from aggregator.tracing import exporting, is_wanted, traced
from tests.schedule.making import a_feed
from tests.store.factory import NOW, a_digest, a_draft, an_outcome

memory = pytest.importorskip(
    "opentelemetry.sdk.trace.export.in_memory_span_exporter", reason="the extra aggregator[otel] is not installed"
)

SECOND = timedelta(seconds=1)


def settings(folder: Path, text: str = "") -> Settings:
    path = folder / "aggregator.toml"
    path.write_text(text)
    return load(path, {})


def a_report(result: str = "ok", status: int = 200) -> Report:
    """Return a poll whose request took a second, and whose digest took two."""
    feed = replace(a_feed(), url="https://me:secret@site.example/feed", fetch_url="https://me:secret@site.example/feed")
    outcome = an_outcome(feed, a_digest(a_draft("x/1")) if result == "ok" else None, NOW)
    outcome = replace(outcome, result=result, status=status, finished_at=NOW + 3 * SECOND)
    return Report(outcome=outcome, applied=Applied(new=1), answered_at=NOW + SECOND)


def test_a_poll_is_a_span_with_its_request_digest_and_commit(tmp_path: Path) -> None:
    """Names are those of the stable conventions; credentials are masked."""
    exporter = memory.InMemorySpanExporter()
    with exporting(settings(tmp_path), exporter) as tell:
        tell(a_report(), NOW + 4 * SECOND)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert sorted(spans) == ["GET", "commit", "digest", "poll"]
    seconds = {name: ((span.start_time or 0) // 10**9, (span.end_time or 0) // 10**9) for name, span in spans.items()}
    start = int(NOW.timestamp())
    assert {name: (begin - start, end - start) for name, (begin, end) in seconds.items()} == {
        "poll": (0, 4),
        "GET": (0, 1),
        "digest": (1, 3),
        "commit": (3, 4),
    }
    parents = {span.parent and span.parent.span_id for name, span in spans.items() if name != "poll"}
    assert parents == {spans["poll"].get_span_context().span_id}
    assert dict(spans["GET"].attributes or {}) == {
        "http.request.method": "GET",
        "url.full": "https://***@site.example/feed",
        "server.address": "site.example",
        "server.port": 443,
        "http.response.body.size": 1000,
        "http.response.status_code": 200,
    }
    assert dict(spans["commit"].attributes or {}) == {"db.system.name": "sqlite", "db.operation.name": "COMMIT"}
    assert (spans["poll"].attributes or {})["aggregator.records.new"] == 1
    assert spans["poll"].resource.attributes["service.name"] == "aggregator"


@pytest.mark.parametrize(("result", "kind"), [("status", "500"), ("timeout", "timeout")])
def test_a_poll_that_failed_says_how(tmp_path: Path, result: str, kind: str) -> None:
    exporter = memory.InMemorySpanExporter()
    with exporting(settings(tmp_path), exporter) as tell:
        tell(a_report(result, 500), NOW + 4 * SECOND)
    spans = {span.name: span for span in exporter.get_finished_spans()}
    assert sorted(spans) == ["GET", "commit", "poll"]
    for name in ("GET", "poll"):
        assert (spans[name].attributes or {})["error.type"] == kind
        assert not spans[name].status.is_ok
    assert spans["commit"].status.is_ok


@contextmanager
def a_collector(bodies: list[tuple[str, bytes]]) -> Iterator[str]:
    """Keep what is posted."""

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


async def test_spans_reach_a_collector_before_the_end(tmp_path: Path) -> None:
    """Over OTLP and HTTP, where [telemetry] says."""
    bodies: list[tuple[str, bytes]] = []
    with a_collector(bodies) as endpoint:
        async with traced(settings(tmp_path, f'[telemetry]\nendpoint = "{endpoint}"\n'), {}) as tell:
            assert tell
            tell(a_report(), NOW + 4 * SECOND)
    ((path, body),) = bodies
    assert path == "/v1/traces"
    for word in (b"poll", b"aggregator.feed.url", b"https://***@site.example/feed"):
        assert word in body
    assert b"secret" not in body


def test_the_standard_variables_say_whether_traces_are_wanted(tmp_path: Path) -> None:
    plain, named = settings(tmp_path), settings(tmp_path, '[telemetry]\nendpoint = "http://localhost:4318"\n')
    variable = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}
    assert [is_wanted(plain, {}), is_wanted(plain, variable), is_wanted(named, {})] == [False, True, True]
    for off in ({"OTEL_SDK_DISABLED": "true"}, {"OTEL_TRACES_EXPORTER": "none"}):
        assert not is_wanted(named, {**variable, **off})


def test_a_daemon_without_traces_imports_nothing_of_it() -> None:
    program = "import sys, aggregator.cli.main; print([name for name in sys.modules if 'opentelemetry' in name])"
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert told == "[]\n"
