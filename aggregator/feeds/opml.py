"""OPML text -> its subscriptions. Everything in it is hostile, and much of it is not quite XML.

A scanner of its own: an XML parser stops at the first flaw, a recovering one (libxml2) drops what stands around a stray
``&`` and everything nested deeper than 2048 (OP-02). The scanner passes each character once, whatever is in it.
"""

import re
from collections.abc import Iterator
from html import unescape

from aggregator.feeds.listed import Listed

_DTD = re.compile(r"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    r"""|<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*+)(?P<attributes>(?:[^<>"']++|"[^"]*+"|'[^']*+')*+)>?""",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"""(?<![\w:.-])([A-Za-z_][\w:.-]*+)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_MOST_TAGS = 100
_LONGEST_NAME = 200


class NotOpml(Exception):  # noqa: N818 -- a verdict about a document
    """The document is no list of feeds; ``line`` is where that shows, from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def outlines(text: str) -> Iterator[Listed]:
    """Yield the outlines that have an ``xmlUrl``, in document order; their folders and categories are their tags.

    Names of elements and attributes may be written in any case (OP-05). Raises NotOpml for a DOCTYPE or ENTITY (OP-01)
    and for another kind of document.
    """
    _refuse_others(text)
    folders: list[str | None] = []
    line, counted = 1, 0
    for token in filter(_is_outline, _TOKEN.finditer(text)):
        if token["end"]:
            del folders[-1:]
            continue
        attributes = _attributes(token["attributes"])
        name, url = attributes.get("text") or attributes.get("title"), attributes.get("xmlurl")
        line, counted = line + text.count("\n", counted, token.start()), token.start()
        if url:
            yield Listed(
                url=url,
                name=None if name == url else name,  # an outline has to have a text
                tags=_tags(folders, attributes.get("category", "")),
                line=line,
                interval=attributes.get("aggregator:interval"),
                enabled=attributes.get("aggregator:enabled") != "false",
            )
        if not token["attributes"].endswith("/"):
            folders.append(None if url else name)


def _refuse_others(text: str) -> None:
    dtd = _DTD.search(text)
    if dtd:
        raise NotOpml("a DOCTYPE or ENTITY is not accepted", text.count("\n", 0, dtd.start()) + 1)
    root = next(filter(_local, _TOKEN.finditer(text)), None)
    if root is None:
        raise NotOpml("expected an OPML document", 1)
    if _local(root) != "opml":
        message = f"expected an OPML document, got <{root['name'][:40]}>"
        raise NotOpml(message, text.count("\n", 0, root.start()) + 1)


def _is_outline(token: re.Match[str]) -> bool:
    return _local(token) == "outline"


def _local(token: re.Match[str]) -> str:
    """Return the name of a tag without its prefix, in lower case; nothing for comments and their like."""
    return (token["name"] or "").rpartition(":")[2].lower()


def _attributes(text: str) -> dict[str, str]:
    """Return lower-case names and values, trimmed, on one line; the first of two alike counts."""
    found: dict[str, str] = {}
    for name, double, single in _ATTRIBUTE.findall(text):
        value = _REFERENCE.sub(lambda reference: unescape(reference[0]), double or single)
        found.setdefault(name.lower(), " ".join(value.split()))
    return found


def _tags(folders: list[str | None], category: str) -> tuple[str, ...]:
    """Return folder names, outermost first, then categories; each step of a path such as ``/news/science`` is one."""
    steps = (" ".join(step.split()) for step in re.split("[,/]", category))
    names = (*filter(None, folders[-_MOST_TAGS:]), *filter(None, steps))
    return tuple(dict.fromkeys(name[:_LONGEST_NAME] for name in names))[:_MOST_TAGS]
