"""Names of elements on the fast path, and the way out of it."""

from collections.abc import Mapping
from typing import Any

from feedparser.api import StrictFeedParser


class Declined(Exception):  # noqa: N818 - an answer, not an error
    """This document is for feedparser."""


# Namespace -> the prefix that feedparser knows it by; "" for those of RSS and Atom themselves.
KNOWN: dict[str, str] = {uri.lower(): prefix for uri, prefix in StrictFeedParser.namespaces.items()}
STANDARD = frozenset(KNOWN.values()) - {""}


class Names:
    """Names of elements as feedparser's handlers are named: ``pubdate``, ``dc_creator``."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self._prefixes = {uri: prefix for prefix, uri in prefixes.items()}
        self._seen: dict[str, str] = {}

    def of(self, element: Any) -> str:
        """Return the name. Raises Declined for one whose meaning is open."""
        tag = element.tag
        name = self._seen.get(tag)
        if name is None:
            name = self._seen[tag] = self._named(tag)
        return name

    def _named(self, tag: str) -> str:
        uri, _, local = tag.rpartition("}")
        uri, local = uri[1:].lower(), local.lower()
        # A namespace that nobody knows and no prefix stands for is as good as none.
        prefix = "" if "backend.userland.com/rss" in uri else KNOWN.get(uri, self._prefixes.get(uri, ""))
        if ":" in local or local in {"svg", "math"} or not tag.isascii():
            raise Declined
        return f"{prefix.lower()}_{local}" if prefix else local
