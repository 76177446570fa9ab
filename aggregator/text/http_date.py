"""Dates in HTTP headers."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(text: str) -> datetime | None:
    """Read any of the three formats of RFC 9110, section 5.6.7, or an RFC 5322 date; None for anything else (ST-05)."""
    try:
        date = parsedate_to_datetime(text)
        return date.astimezone(UTC) if date.tzinfo else date.replace(tzinfo=UTC)  # asctime has no zone
    except (ValueError, TypeError, OverflowError):
        return None
