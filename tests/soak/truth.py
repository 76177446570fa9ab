"""Whether feeds are called what they are: those that recovered well, those that are gone gone.

One on a site that is impatient may be told to slow down at any time.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from aggregator.store.contract import FeedStatus
from tests.soak.casting import Cast, Spell

_SETTLES = timedelta(days=3.5)  # two polls at the longest interval, both in a crowd


def miscalled(cast: Cast, statuses: Iterable[FeedStatus]) -> Iterator[str]:
    """Yield the feeds whose state at the end is not what has long been true of them."""
    pages = {page.url: page for page in cast.pages}
    for status in statuses:
        wanted, page = _state(cast, cast.spells[status.url]), pages[status.url]
        told_to_wait = status.state == "slow-down" and any(
            cast.sites[host].patience for host in (page.site, page.other_site)
        )
        if wanted not in {None, status.state} and not told_to_wait:
            yield f"{status.url} is {status.state} ({status.reason}), not {wanted}: {cast.spells[status.url]}"


def _state(cast: Cast, spells: Iterable[Spell]) -> str | None:
    """Return what a feed must be called by the end; None where it need not have shown yet."""
    state = "ok"
    for spell in spells:
        if cast.ends - spell.since < _SETTLES or (spell.until < cast.ends < spell.until + _SETTLES):
            return None
        state = spell.kind.state if spell.until > cast.ends else "ok"
    return state
