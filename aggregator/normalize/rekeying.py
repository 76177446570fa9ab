"""What becomes of a stored match key when the rules change (UR-39)."""

import re

from aggregator.url.check import split_url, web_url
from aggregator.url.clean import match_key

_MARK = re.compile(r"#[0-9a-f]{12}\Z")  # as ``identity`` sets it behind a link that leads to no story in particular


def rekeyed(key: str, source: str | None, feed_url: str) -> str:
    """Return what today's rules make of ``source``, with the mark of the key that older rules made of it.

    Without a source, the key itself stands for the link. ``feed_url`` is the feed that brought the key. Never raises.
    """
    mark = _MARK.search(key)
    plain = key[: mark.start()] if mark else key
    url = web_url(f"https://{plain}") if source is None else source
    site = split_url(feed_url)
    new = match_key(url, sites=frozenset((site.host.lower(),) if site else ())) if url else plain
    return new + mark[0] if mark else new
