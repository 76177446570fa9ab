"""How values of the model look in columns."""

from datetime import datetime, timedelta

import orjson


def stamp(moment: datetime) -> str:
    """Return a moment as text that sorts as time does and that SQLite's date functions read."""
    return moment.isoformat(sep=" ", timespec="microseconds")


def stamp_or_none(moment: datetime | None) -> str | None:
    """As ``stamp``; None stays None."""
    return None if moment is None else stamp(moment)


def moment(text: str) -> datetime:
    """Return the moment that ``stamp`` wrote."""
    return datetime.fromisoformat(text)


def moment_or_none(text: str | None) -> datetime | None:
    """As ``moment``; None stays None."""
    return None if text is None else moment(text)


def seconds_or_none(duration: timedelta | None) -> float | None:
    """Return a duration in seconds; None stays None."""
    return None if duration is None else duration.total_seconds()


def as_json(value: object) -> str:
    """Return compact JSON text."""
    return orjson.dumps(value).decode()


def names(text: str) -> tuple[str, ...]:
    """Return the strings of a JSON list."""
    return tuple(orjson.loads(text))
