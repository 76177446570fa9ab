"""Addresses as the words of a link, of which the fediverse hides all but the part that tells something."""

import re

SIGN = 'class="invisible"'
_HIDDEN = re.compile(rf"<span {SIGN}>[^<>]*</span>")
_CUT = re.compile(r'<span class="ellipsis">([^<>]*)</span>')


def shorten_addresses(markup: str) -> str:
    """Return the HTML less what is hidden of such addresses; one that goes on ends in "…". The link keeps all of it."""
    return _CUT.sub(r"\1…", _HIDDEN.sub("", markup))
