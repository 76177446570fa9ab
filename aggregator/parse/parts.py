"""Several documents of one feed, as one."""

from collections.abc import Sequence
from dataclasses import replace

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse.limits import newest
from aggregator.parse.sitemap import NEWS


def united(
    index: ParsedFeed, parts: Sequence[ParsedFeed | Unreadable], *, max_entries: int = 1000
) -> ParsedFeed | Unreadable:
    """Return the index with the entries of its parts, in their order; what all parts say of why, where none is a feed.

    Where some parts hold news, the others are passed over: they hold the same stories without titles. Beyond
    ``max_entries`` the oldest are left out and counted (DD-14).
    """
    refused = [part for part in parts if isinstance(part, Unreadable)]
    read = [part for part in parts if isinstance(part, ParsedFeed) and not part.parts]
    if refused and not read:
        return refused[0]
    read = [part for part in read if part.format == NEWS] or read
    entries = [entry for part in read for entry in part.entries]
    kept = newest(entries, max_entries, lambda entry: entry.published or entry.updated)
    return replace(
        index,
        format=read[0].format if read else index.format,
        title=next((part.title for part in read if part.title), index.title),
        entries=tuple(kept),
        left_out=sum(part.left_out for part in read) + len(entries) - len(kept),
        flaw=refused[0].message if refused else index.flaw,
        parts=(),
    )
