"""Guids as the document wrote them, where feedparser gives them resolved or without isPermaLink (ID-02…05)."""

import html
import re
from collections.abc import Mapping
from urllib.parse import urljoin

_GUID = re.compile(
    r"<(?:[\w.-]+:)?(?:guid|id)\b(?P<attributes>[^<>]*)>\s*(?P<cdata><!\[CDATA\[)?(?P<text>[^<]*)", re.IGNORECASE
)
_NO_PERMALINK = re.compile(r"""isPermaLink\s*=\s*["']\s*false""", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


_MOST_RELATIVE = 1_000


class Guids:
    """What a document says about its guids."""

    __slots__ = ("_joined", "_relative", "no_permalinks")

    def __init__(self, no_permalinks: frozenset[str], relative: Mapping[str, None]) -> None:
        self.no_permalinks = no_permalinks
        self._relative = relative  # empty where no xml:base can have resolved them
        self._joined: dict[str, dict[str, str]] = {}  # base -> resolved -> as written

    def raw(self, guid: str, base: str) -> str:
        """Return the guid that feedparser resolved against ``base`` as it was written."""
        if not self._relative or guid in self._relative:
            return guid
        if base not in self._joined:
            self._joined[base] = {_join(base, raw): raw for raw in self._relative}
        return self._joined[base].get(guid, guid)


def find_guids(text: str) -> Guids:
    """Return what the document says about its guids. Linear in its length."""
    no_permalinks: set[str] = set()
    relative: dict[str, None] = {}
    bases = "xml:base" in text
    for match in _GUID.finditer(text) if bases or "<guid" in text else ():
        permalink = not _NO_PERMALINK.search(match["attributes"])
        if not permalink:
            no_permalinks.add(_text(match))
        elif bases and len(relative) < _MOST_RELATIVE and not _ABSOLUTE.match(guid := _text(match)):
            relative[guid] = None
    return Guids(frozenset(no_permalinks), relative)


def _text(match: re.Match[str]) -> str:
    if match["cdata"]:
        return match["text"].partition("]]>")[0].strip()
    return html.unescape(match["text"]).strip()


def _join(base: str, guid: str) -> str:
    try:
        return urljoin(base, guid)
    except ValueError:
        return guid
