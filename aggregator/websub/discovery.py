"""Which hub tells of a document's news, and what it calls it (WebSub, section 4; WS-01…04)."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from aggregator.model import Offer
from aggregator.url.check import web_url
from aggregator.websub.links import links

_SEEN = 1_500_000  # bytes of a page that are looked at
_LONGEST = 2_000  # characters of a URL that hubs can be expected to take


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What one place says."""

    hubs: Sequence[str] = ()
    topic: str | None = None


def offered(link_header: str, document: Named, url: str) -> Offer | None:
    """Return what a document offers that was found at ``url``, after redirects; None where there is no hub.

    The header is asked first, then the document (WS-01, WS-02). Of several hubs one on https is taken before others, as
    only there a secret can be agreed on (WS-07). Without a rel=self the topic is ``url``.
    """
    header = _named(links(link_header, url))
    hubs = [hub for hub in (header.hubs or document.hubs) if len(hub) <= _LONGEST]
    topic = header.topic or document.topic or url
    if not hubs or len(topic) > _LONGEST:
        return None
    hub = next((hub for hub in hubs if hub.startswith("https:")), hubs[0])
    return Offer(hub=hub, topic=topic)


def named_in_page(body: bytes, url: str) -> Named:
    """Return what the ``<link>`` elements of an HTML page say. Never raises."""
    with warnings.catch_warnings(action="ignore"):  # that it looks like XML, or like an address
        try:
            soup = BeautifulSoup(body[:_SEEN], "lxml", parse_only=SoupStrainer("link"))
        except (ValueError, LookupError, RecursionError):
            return Named()
    tags = [tag for tag in soup.find_all("link", href=True) if isinstance(tag, Tag)]
    stated = ((web_url(str(tag["href"]), url), frozenset(tag.get_attribute_list("rel"))) for tag in tags)
    return _named((address, frozenset(str(rel).lower() for rel in rels)) for address, rels in stated if address)


def _named(found: Iterable[tuple[str, frozenset[str]]]) -> Named:
    listed = list(found)
    return Named(
        hubs=[url for url, rels in listed if "hub" in rels],
        topic=next((url for url, rels in listed if "self" in rels), None),
    )
