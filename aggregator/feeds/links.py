"""What a page says about its feeds: pure. Everything in it is hostile; a candidate is a hint until it was read."""

import re
import warnings
from collections.abc import Iterator
from itertools import chain
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from bs4.filter import SoupStrainer

from aggregator.feeds.discover import Candidate
from aggregator.feeds.distinct import sameness
from aggregator.settings.feed_url import feed_url
from aggregator.url.check import web_url

_SEEN = 1_500_000  # bytes of a page that are looked at
_MOST = 100  # candidates
_MOST_INSIDE = 20  # children of one element
_LONGEST = 200  # characters of a title

_FEED_TYPE = re.compile(
    r"(?:application|text)/(?:(?:x[.-])?(?:(?:rss|atom|rdf)(?:[+ ]?xml)?|feed\+json)|xml)|application/json"
)
_FEED_SCHEME = re.compile(r"(?:feed|podcast|pcast|itpc):", re.IGNORECASE)
_NO_FEED = re.compile(r"/wp-json/|/oembed|/xmlrpc|opensearch|manifest\.|[?&]share=", re.IGNORECASE)
_FEED_ADDRESS = re.compile(
    r"(?:^|[/._?&=-])(?:rss2?|atom|feeds?|rdf)(?:[/._?&=-]|$)|\.(?:rss|atom|rdf)$|feed\.json$|//feeds?\d*\.",
    re.IGNORECASE,
)
_FEED_WORDS = re.compile(
    r"\W*(?:(?:rss|atom|xml|json)\W*(?:feed)?|feeds?|syndicat\w+|subscribe\b.{0,20}rss)\W*", re.IGNORECASE
)
_READERS = re.compile(
    r"(?:feedly|inoreader|newsblur|netvibes|bloglines|theoldreader|facebook|twitter|x|linkedin|pinterest|reddit)\.com$"
)
_COMMENTS = re.compile(
    r"comment|kommentar|coment[aá]rio|commentaire|commenti|reacties|replies|kommentit|коммент|评论|評論|コメント|댓글",
    re.IGNORECASE,
)


def candidates(body: bytes, url: str, charset: str | None = None) -> tuple[Candidate, ...]:
    """Return the feeds that an HTML page links to, each once, best first. ``url`` is where the page came from.

    Declared ones come before others, in the page's order; feeds of comments come last of either kind. Never raises.
    """
    soup = _soup(body[:_SEEN], charset)
    base = _base(soup, url)
    first: dict[str, Candidate] = {}
    for candidate in chain(_declared(soup, base), _linked(soup, base, url)):
        first.setdefault(sameness(candidate.url), candidate)
        if len(first) == _MOST:
            break
    return tuple(sorted(first.values(), key=lambda each: (not each.declared, is_comments(each))))


def is_comments(candidate: Candidate) -> bool:
    """Tell whether it is a feed of comments, by its title and address."""
    return bool(_COMMENTS.search(f"{candidate.title or ''} {urlsplit(candidate.url).path}"))


def _soup(body: bytes, charset: str | None) -> BeautifulSoup:
    wanted = SoupStrainer(["base", "link", "a"])
    with warnings.catch_warnings(action="ignore"):  # that it looks like XML, or like an address
        try:
            return BeautifulSoup(body, "lxml", parse_only=wanted, from_encoding=charset)
        except (ValueError, LookupError, RecursionError):
            return BeautifulSoup("", "lxml")


def _base(soup: BeautifulSoup, url: str) -> str:
    tag = soup.find("base", href=True)
    return (web_url(_value(tag, "href"), url) if isinstance(tag, Tag) else None) or url


def _declared(soup: BeautifulSoup, base: str) -> Iterator[Candidate]:
    for tag in soup.find_all("link", href=True):
        rels = _value(tag, "rel").lower().split()
        address = _address(_value(tag, "href"), base)
        if address and _says_feed(rels, _type(tag)) and not _NO_FEED.search(address):
            yield Candidate(url=address, title=_title(_value(tag, "title")))


def _says_feed(rels: list[str], kind: str) -> bool:
    if "stylesheet" in rels:
        return False
    return ("alternate" in rels and bool(_FEED_TYPE.fullmatch(kind))) or "feed" in rels


def _linked(soup: BeautifulSoup, base: str, url: str) -> Iterator[Candidate]:
    for tag in soup.find_all("a", href=True):
        address = _address(_value(tag, "href"), base)
        if address and address != url and _looks_like_feed(tag, address):
            title = _title(_value(tag, "title")) or _title(_text(tag))
            yield Candidate(url=address, title=title, declared=False)


def _looks_like_feed(tag: Tag, address: str) -> bool:
    parts = urlsplit(address)
    if _READERS.search(parts.hostname or "") and not _FEED_ADDRESS.search(parts.path):
        return False
    if _NO_FEED.search(address) or (parts.path in {"", "/"} and not parts.query):
        return False
    kind = _type(tag)
    return bool(
        (kind != "application/json" and _FEED_TYPE.fullmatch(kind))
        or _FEED_SCHEME.match(_value(tag, "href").strip())
        or _FEED_ADDRESS.search(address.partition("//")[2].partition("/")[2])
        or _FEED_WORDS.fullmatch(_text(tag)[:_LONGEST])
    )


def _address(href: str, base: str) -> str | None:
    if not href.strip() or href.startswith("#"):
        return None
    if _FEED_SCHEME.match(href.strip()):
        try:
            href = feed_url(href)
        except ValueError:
            return None
    address = web_url(href, base)
    return address and urljoin(address, address.partition("#")[0])


def _type(tag: Tag) -> str:
    return _value(tag, "type").partition(";")[0].strip().lower()


def _value(tag: Tag, name: str) -> str:
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else value or ""


def _text(tag: Tag) -> str:
    """What a link says, itself or in an element of its own: to look deeper would take time with the square of depth."""
    inside = tag.contents[:_MOST_INSIDE]
    deeper = (each.contents[:_MOST_INSIDE] if isinstance(each, Tag) else [each] for each in inside)
    return " ".join(" ".join(each for group in deeper for each in group if isinstance(each, NavigableString)).split())


def _title(text: str) -> str | None:
    return " ".join(text.split())[:_LONGEST] or None
