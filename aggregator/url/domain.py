"""The registrable domain of a host: what one owner registers, and what one platform serves from."""

from functools import lru_cache

from publicsuffixlist import PublicSuffixList

from aggregator.url.addresses import read_address
from aggregator.url.origin import authority


def registrable_domain(host: str) -> str:
    """Return the registrable domain of ``host`` (lower case, punycode), or the host itself: an address, one label.

    Only the registries' part of the public suffix list counts: ``a.blogspot.com`` and ``b.blogspot.com`` are two sites
    for cookies and one platform for politeness. The list comes with its package; nothing is downloaded.
    """
    if read_address(host) is not None:
        return host
    return _suffixes().privatesuffix(host) or host


def site(url: str) -> str:
    """Return the registrable domain that ``url`` is asked of; what cannot be asked is a site of its own."""
    try:
        return registrable_domain(authority(url).host)
    except ValueError:
        return url


@lru_cache(maxsize=1)
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList(only_icann=True)  # 40 ms: read when first asked for
