"""The URL of a feed as people configure it: read and checked."""

import re
from urllib.parse import urlsplit, urlunsplit

from aggregator.settings.values import quoted

_SUBSCRIBE = re.compile(r"(?:feed|podcast|pcast|itpc):/*", re.IGNORECASE)
_HTTP = re.compile(r"https?:", re.IGNORECASE)
_UNSAFE = re.compile(r"[\x00-\x20\x7f-\x9f\\\u2028\u2029]")
_LONGEST = 4096  # no server takes more


def feed_url(value: object) -> str:
    """Return the http(s) URL that ``value`` stands for, without its fragment; credentials stay.

    ``feed:``, ``podcast:``, ``pcast:`` and ``itpc:`` become http, or the https they wrap (HT-19). Raises ValueError
    for another scheme, a missing host, or characters that parsers disagree about (UR-29).
    """
    if not isinstance(value, str):
        raise ValueError(f"expected a feed URL (http or https), got {quoted(value)}")  # noqa: TRY004 -- pydantic's rule
    url = _checked(_http(value.strip()))
    if url is None:
        raise ValueError(f"expected a feed URL (http or https, with a host), got {quoted(value)}")
    return url


def _http(url: str) -> str:
    inner = _SUBSCRIBE.sub("", url, count=1) if _SUBSCRIBE.match(url) else None
    if inner is None:
        return url
    return inner if _HTTP.match(inner) else f"http://{inner}"


def _checked(url: str) -> str | None:
    try:
        parts = urlsplit(url)  # drops tabs and line ends, with which some exporters wrap what they write
        parts.port  # noqa: B018 -- reading it is the check
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return None
    path, query = (part.replace(" ", "%20") for part in (parts.path, parts.query))
    url = urlunsplit((parts.scheme, parts.netloc, path, query, ""))
    return None if len(url) > _LONGEST or _UNSAFE.search(url) else url
