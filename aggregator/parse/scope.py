"""``xml:lang`` and ``xml:base`` on the fast path, as feedparser keeps them."""

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

from feedparser.urls import _urljoin, make_safe_absolute_uri
from lxml import etree

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


class Scope(NamedTuple):
    """What holds in an element: its ``xml:lang``, and its ``xml:base`` where the document has any."""

    lang: str | None
    base: str
    bases: Mapping[Any, str]

    def within(self, element: Any) -> "Scope":
        """Return the scope in a child."""
        if not element.attrib and not self.bases:
            return self
        lang = element.get(_XML_LANG, element.get("lang"))
        return Scope(self.lang if lang is None else lang or None, self.bases.get(element, ""), self.bases)

    def resolved(self, uri: str) -> str:
        """Return an address against the base, where there is one (``resolve_uri``)."""
        return str(_urljoin(self.base, uri)) if self.base else uri


def outermost(root: Any, *, has_bases: bool) -> Scope:
    """Return the scope of the root element."""
    return Scope(None, "", _bases(root) if has_bases else {}).within(root)


def _bases(root: Any) -> dict[Any, str]:
    """Return each element's base, as ``unknown_starttag`` and ``unknown_endtag`` keep it.

    One that has no other around it is never let go of.
    """
    bases: dict[Any, str] = {}
    stack: list[str] = []
    base = ""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if event == "start":
            base = _joined(base, element.get(_XML_BASE, element.get("base")) or base)
            stack.append(base)
            bases[element] = base
        else:
            stack.pop()
            base = (stack[-1] if stack else "") or base
    return bases


@functools.lru_cache(maxsize=256)
def _joined(base: str, stated: str) -> str:
    """Return the base; it is joined with itself where an element states none."""
    if not base:
        return str(_urljoin("", stated)) if stated else ""
    return str(make_safe_absolute_uri(base, stated)) or base
