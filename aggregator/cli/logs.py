"""Logs: structured, one line an event, JSON unless a person is watching."""

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from aggregator.cli.console import is_colourful
from aggregator.text.terminal import printable

_FIRST = ("timestamp", "level", "event")


def configure_logs() -> None:
    """Send our log lines, and the warnings of libraries, to standard error."""
    watched = sys.stderr.isatty()
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _harmless,
        _in_order,
    ]
    render: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=is_colourful(sys.stderr), sort_keys=False, pad_event_to=8)
        if watched
        else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, render],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("aggregator").setLevel(logging.INFO)
    # "maximum number of running instances reached" is how a long poll round looks to the ticker: nothing to report.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _in_order(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Put first what every line has: when, how grave, what."""
    return {**{key: event[key] for key in _FIRST if key in event}, **event}


def _harmless(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Escape what a terminal would obey (OI-12…14); tracebacks keep their lines."""
    return {
        key: printable(value) if isinstance(value, str) and key != "exception" else value
        for key, value in event.items()
    }
