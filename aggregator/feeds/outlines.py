"""Feeds -> OPML 2.0 that any reader takes and that our own reads back as it was (OP-08)."""

import re
from collections.abc import Iterable, Iterator

from aggregator.model import FeedConfig
from aggregator.settings.values import duration_text
from aggregator.text.xml import xml_attribute

_USERINFO = re.compile(r"(?<=//)[^/?#\s]*@")
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:aggregator="urn:x-aggregator:opml">
  <head>
    <title>Feeds of aggregator</title>
  </head>
  <body>
"""
_FOOT = """  </body>
</opml>
"""


def to_opml(feeds: Iterable[FeedConfig], *, with_secrets: bool) -> str:
    """Return the feeds as OPML: the first tag is the folder, the others are categories.

    User names and passwords in URLs are left out unless ``with_secrets``. Feeds of one folder stand together, in their
    order. An interval and a pause are attributes of our own, which other readers pass over.
    """
    folders: dict[tuple[str, ...], list[str]] = {}
    for feed in feeds:
        path, categories = _placed([tag for tag in map(_one_line, feed.tags) if tag])
        folders.setdefault(path, []).append(_outline(feed, categories, with_secrets=with_secrets))
    return _HEAD + "".join(line for path, outlines in folders.items() for line in _folder(path, outlines)) + _FOOT


def _placed(tags: list[str]) -> tuple[tuple[str, ...], list[str]]:
    """Tags that a category cannot spell become folders in folders."""
    if any("," in tag or "/" in tag for tag in tags[1:]):
        return tuple(tags), []
    return tuple(tags[:1]), tags[1:]


def _folder(path: tuple[str, ...], outlines: list[str]) -> Iterator[str]:
    for depth, name in enumerate(path):
        yield f"{_indent(depth)}<outline text={xml_attribute(name)}>\n"
    yield from (f"{_indent(len(path))}{outline}\n" for outline in outlines)
    for depth in reversed(range(len(path))):
        yield f"{_indent(depth)}</outline>\n"


def _indent(depth: int) -> str:
    return "  " * (depth + 2)


def _outline(feed: FeedConfig, categories: list[str], *, with_secrets: bool) -> str:
    url = feed.url if with_secrets else _USERINFO.sub("", feed.url, count=1)
    attributes = {
        "type": "rss",
        "text": _one_line(feed.name or "") or url,
        "xmlUrl": url,
        "category": ",".join(categories),
        "aggregator:interval": duration_text(feed.interval) if feed.interval else "",
        "aggregator:enabled": "" if feed.enabled else "false",
    }
    return "<outline" + "".join(f" {key}={xml_attribute(value)}" for key, value in attributes.items() if value) + "/>"


def _one_line(text: str) -> str:
    return " ".join(text.split())
