"""Conversations: a post and what others say to it, by the rules of ``config/threads.toml``."""

import functools
import tomllib
from collections.abc import Iterator, Mapping
from html import escape
from typing import NamedTuple

from bs4 import BeautifulSoup, Tag

from aggregator.shipped import shipped

_MOST_REPLIES = 500
_MOST_QUOTES = 6  # in one another; more are no easier to follow


class _Entry(NamedTuple):
    text: str
    byline: str
    quotes: int


def thread_in(markup: str) -> str:
    """Return the HTML of the conversation that a page is, each reply a quote that names who said it; "" for others."""
    rule = next((rule for rule in _rules() if rule["sign"] in markup), None)
    if rule is None:
        return ""
    page = BeautifulSoup(markup, "lxml")
    entries = list(_entries(page, rule, most=len(markup)))
    if "post" in rule:
        post = "".join(each.decode_contents() for each in page.select(rule["post"])[:3])
    else:
        post, entries = "".join(each.text for each in entries[:1]), entries[1:]
    replies = "".join(_quoted(each) for each in entries)
    return f"<div>{post}</div><hr><h2>Comments</h2>{replies}" if replies else post


def _entries(page: BeautifulSoup, rule: Mapping[str, str], *, most: int) -> Iterator[_Entry]:
    """Yield no more than ``most`` characters of text: one that is within another is in that one's too."""
    found = {id(each): each for each in page.select(rule["entry"], limit=_MOST_REPLIES)}
    texts, authors, times = (_first(page, rule[part], found) for part in ("text", "author", "time"))
    for key, entry in found.items():
        if key in texts and most > 0:
            text = texts[key].decode_contents()
            most -= len(text)
            quotes = 1 + sum(id(holder) in found for holder in entry.parents)
            yield _Entry(text, _byline(authors.get(key), times.get(key)), min(quotes, _MOST_QUOTES))


def _first(page: BeautifulSoup, selector: str, entries: Mapping[int, Tag]) -> dict[int, Tag]:
    """The first element of each entry that matches and is in no entry within it."""
    first: dict[int, Tag] = {}
    for each in page.select(selector):
        entry = next((id(holder) for holder in (each, *each.parents) if id(holder) in entries), None)
        if entry is not None:
            first.setdefault(entry, each)
    return first


def _byline(author: Tag | None, time: Tag | None) -> str:
    said = [] if author is None else [f"<b>{escape(' '.join(author.get_text(' ').split()))}</b>"]
    if time is not None:
        date = escape(str(time.get("datetime") or time.get("title") or time.get_text())[:10].strip())
        link = time.find("a") or time.find_parent("a")
        said.append(f'<a href="{escape(str(link.get("href")))}">{date}</a>' if isinstance(link, Tag) else date)
    return " · ".join(said)


def _quoted(entry: _Entry) -> str:
    return f"{'<blockquote>' * entry.quotes}<p>{entry.byline}</p>{entry.text}{'</blockquote>' * entry.quotes}"


@functools.cache
def _rules() -> tuple[Mapping[str, str], ...]:
    return tuple(tomllib.loads(shipped("threads.toml").read_text(encoding="utf-8"))["thread"])
