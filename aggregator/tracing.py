"""Polls as spans of OpenTelemetry, for who looks at a whole system by traces (the extra ``otel``).

A span is made of a poll that is over, of moments that were taken anyway: polling waits for nothing here, and where
traces are off nothing of OpenTelemetry is imported. Names are of its stable semantic conventions (HTTP, database,
error), and our own under ``aggregator.``.
"""

import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from aggregator import __version__
from aggregator.poll import Report
from aggregator.settings import Settings
from aggregator.settings.values import shown
from aggregator.shipped import installing

if TYPE_CHECKING:
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span, Tracer

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_PATIENCE = 5.0  # seconds that the last spans may take at the end
_FINE = frozenset({"ok", "not-modified", "unchanged"})
_PORTS = {"http": 80, "https": 443}

log = structlog.get_logger("aggregator.tracing")

Attributes = Mapping[str, str | int]
Tell = Callable[[Report, datetime], None]  # a poll that is over, and when it was written


def is_wanted(settings: Settings, environ: Mapping[str, str]) -> bool:
    """Whether ``[telemetry] endpoint`` or OpenTelemetry's own variables ask for traces, and none forbids them."""
    if environ.get("OTEL_SDK_DISABLED", "").lower() == "true" or environ.get("OTEL_TRACES_EXPORTER") == "none":
        return False
    return settings.telemetry.endpoint is not None or any(environ.get(name) for name in _ENDPOINTS)


@asynccontextmanager
async def traced(settings: Settings, environ: Mapping[str, str]) -> AsyncIterator[Tell | None]:
    """Offer what sends the span of a poll; None where nobody wants traces, or the extra is not installed.

    At the end the last spans have five seconds to be sent.
    """
    if not is_wanted(settings, environ):
        yield None
        return
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    except ImportError as error:
        log.warning("there are no traces", reason=str(error), hint=installing("otel"))
        yield None
        return
    endpoint = settings.telemetry.endpoint
    with exporting(settings, OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces" if endpoint else None)) as tell:
        yield tell


@contextmanager
def exporting(settings: Settings, exporter: "SpanExporter") -> Iterator[Tell]:
    """Offer what makes the span of a poll and gives it to an exporter, many at a time and in a thread."""
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - an extra
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - an extra

    ours = {"service.name": "aggregator", "service.version": __version__}
    named = OTELResourceDetector().detect().attributes  # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES count before
    provider = TracerProvider(resource=Resource.create({**ours, **named}), shutdown_on_exit=False)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    spans = _Spans(provider.get_tracer("aggregator", __version__), settings.store.url.partition(":")[0])
    try:
        yield spans.tell
    finally:
        # A collector that does not answer keeps nobody from stopping.
        ending = threading.Thread(target=provider.shutdown, daemon=True)
        ending.start()
        ending.join(_PATIENCE)


class _Spans:
    """Makes a span of each poll, with one for the request, the digest and the commit."""

    def __init__(self, tracer: "Tracer", system: str) -> None:
        self._tracer = tracer
        self._system = system

    def tell(self, report: Report, written_at: datetime) -> None:
        """Make the spans of a poll that was written at a moment."""
        outcome = report.outcome
        answered_at = report.answered_at or outcome.finished_at
        poll = self._begin("poll", outcome.started_at, _of_poll(report))
        asked = self._begin("GET", outcome.started_at, _of_request(report), under=poll, is_client=True)
        for span in (poll, asked):
            _judge(span, report)
        asked.end(_nanoseconds(answered_at))
        if outcome.digest is not None:
            entries = len(outcome.digest.drafts) + len(outcome.digest.known)
            digest = self._begin("digest", answered_at, {"aggregator.entries": entries}, under=poll)
            digest.end(_nanoseconds(outcome.finished_at))
        words = {"db.system.name": self._system, "db.operation.name": "COMMIT"}
        commit = self._begin("commit", outcome.finished_at, words, under=poll, is_client=True)
        commit.end(_nanoseconds(written_at))
        poll.end(_nanoseconds(written_at))

    def _begin(
        self, name: str, at: datetime, attributes: Attributes, *, under: "Span | None" = None, is_client: bool = False
    ) -> "Span":
        from opentelemetry import trace  # noqa: PLC0415 - an extra

        return self._tracer.start_span(
            name,
            context=trace.set_span_in_context(under) if under else None,
            kind=trace.SpanKind.CLIENT if is_client else trace.SpanKind.INTERNAL,
            attributes=attributes,
            start_time=_nanoseconds(at),
        )


def _of_poll(report: Report) -> Attributes:
    return {
        "aggregator.feed.url": shown(report.outcome.feed.url),
        "aggregator.poll.result": report.outcome.result,
        "aggregator.records.new": report.applied.new,
        "aggregator.records.updated": report.applied.updated,
    }


def _of_request(report: Report) -> Attributes:
    url = shown(report.outcome.moved_from or report.outcome.feed.fetch_url)
    parts = urlsplit(url)
    told: dict[str, str | int] = {
        "http.request.method": "GET",
        "url.full": url,
        "server.address": parts.hostname or "",
        "server.port": parts.port or _PORTS.get(parts.scheme, 0),
        "http.response.body.size": report.outcome.wire_bytes,
    }
    if report.outcome.status is not None:
        told["http.response.status_code"] = report.outcome.status
    return told


def _judge(span: "Span", report: Report) -> None:
    """Mark what failed; a server's refusal has its status as the type of the error, as the conventions want."""
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - an extra

    outcome = report.outcome
    if outcome.result not in _FINE:
        kind = str(outcome.status) if outcome.result == "status" and outcome.status else outcome.result
        span.set_attribute("error.type", kind)
        span.set_status(StatusCode.ERROR, outcome.feed.reason)


def _nanoseconds(moment: datetime) -> int:
    return round(moment.timestamp() * 1e6) * 1000
