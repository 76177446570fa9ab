"""``Link`` headers (RFC 8288), as far as WebSub needs them."""

import re
from collections.abc import Iterator

from aggregator.url.check import web_url

_LONGEST = 16_000  # characters that are looked at
_PARAMETER = r";\s*+([!#$%&'*+.^_`|~0-9A-Za-z-]++)\s*+(?:=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"|([^\s\",;]*+)))?+\s*+"
_LINK = re.compile(rf"<([^<>]*+)>\s*+((?:{_PARAMETER})*+)")
_PARAMETERS = re.compile(_PARAMETER)


def links(header: str, base: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield (URL, relations) of a header, in its order; what is said of another document is passed over."""
    for target, parameters, *_ in _LINK.findall(header[:_LONGEST]):
        stated: dict[str, str] = {}
        for name, quoted, bare in _PARAMETERS.findall(parameters):
            stated.setdefault(name.lower(), quoted or bare)
        url = web_url(target, base)
        if url is not None and "anchor" not in stated:
            yield url, frozenset(stated.get("rel", "").lower().split())
