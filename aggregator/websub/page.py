"""What a web page says of its hub. Not for polling, which meets no pages: for whoever asks what a URL offers."""

import warnings

from bs4 import BeautifulSoup, Tag
from bs4.filter import SoupStrainer

from aggregator.url.check import web_url
from aggregator.websub.discovery import Named, named

_SEEN = 1_500_000  # bytes of a page that are looked at


def named_in_page(body: bytes, url: str) -> Named:
    """Return what the ``<link>`` elements of an HTML page say. Never raises."""
    with warnings.catch_warnings(action="ignore"):  # that it looks like XML, or like an address
        try:
            soup = BeautifulSoup(body[:_SEEN], "lxml", parse_only=SoupStrainer("link"))
        except (ValueError, LookupError, RecursionError):
            return Named()
    tags = [tag for tag in soup.find_all("link", href=True) if isinstance(tag, Tag)]
    stated = ((web_url(str(tag["href"]), url), frozenset(tag.get_attribute_list("rel"))) for tag in tags)
    return named((address, frozenset(str(rel).lower() for rel in rels)) for address, rels in stated if address)
