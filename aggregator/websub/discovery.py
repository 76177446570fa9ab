"""Which hub tells of a document's news, and what it calls it (WebSub, section 4; WS-01…04)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aggregator.model import Offer
from aggregator.websub.links import links

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
    header = named(links(link_header, url))
    hubs = [hub for hub in (header.hubs or document.hubs) if len(hub) <= _LONGEST]
    topic = header.topic or document.topic or url
    if not hubs or len(topic) > _LONGEST:
        return None
    hub = next((hub for hub in hubs if hub.startswith("https:")), hubs[0])
    return Offer(hub=hub, topic=topic)


def named(found: Iterable[tuple[str, frozenset[str]]]) -> Named:
    """Return what links with these relations say."""
    listed = list(found)
    return Named(
        hubs=[url for url, rels in listed if "hub" in rels],
        topic=next((url for url, rels in listed if "self" in rels), None),
    )
