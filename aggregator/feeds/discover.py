"""Finding the feeds of a page (SS-15: with the fetcher that it is handed, and no other)."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

from aggregator.model import Digest, Failed, Fetched, FetchResult, Unreadable

Ask = Callable[[str], Awaitable[FetchResult]]
Read = Callable[[Fetched], Awaitable[Digest | Unreadable]]

_MOST_HINTS = 3  # links asked for because they look like a feed's
_MOST_ASKED = 5  # after the page itself
_WELL_KNOWN = ("/feed", "/rss.xml", "/atom.xml", "/feed.xml", "/index.xml")
_REFUSALS = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed's."""

    url: str
    title: str | None = None
    declared: bool = True  # by a <link> that says so; otherwise an <a> that looks like it


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What became of looking for feeds at a URL."""

    candidates: tuple[Candidate, ...] = ()  # best first; the URL itself where it is a feed
    read: bool = True  # each was fetched and is a feed; otherwise the page declares them
    trouble: str = ""  # why there are none
    unasked: bool = False  # there was no answer at all: the network's fault or the server's


async def discover(url: str, ask: Ask, read: Read) -> Discovery:
    """Look for feeds at ``url`` with six requests at most, one after the other.

    The URL itself; else what the page declares (several are returned unread, for a choice); else what its links hint
    at; else a few well-known addresses, the first that is a feed. Stops when the server asks for patience.
    """
    # Loaded here: no other command waits for BeautifulSoup, and the daemon has no use for it.
    from aggregator.feeds.links import candidates  # noqa: PLC0415

    answer = await ask(url)
    if not isinstance(answer, Fetched):
        return _unanswered(answer)
    verdict = await read(answer)
    if isinstance(verdict, Digest):
        return Discovery(candidates=(Candidate(url=url, title=verdict.title),))
    named = candidates(answer.body, answer.url, _charset(answer))
    declared = tuple(each for each in named if each.declared)
    if len(declared) > 1:
        return Discovery(candidates=declared, read=False)
    search = _Search(ask, read)
    found = await search.all_of((*declared, *[each for each in named if not each.declared][:_MOST_HINTS]))
    if declared and found and found[0].url == declared[0].url:
        found = found[:1]
    if not found and _is_page(answer):
        found = await search.first_of(_well_known(answer.url))
    trouble = "" if found else f"no feed found: {verdict.message}; {search.asked} other addresses were tried"
    return Discovery(candidates=found, trouble=trouble)


class _Search:
    """Asks for candidates while the server lets it."""

    def __init__(self, ask: Ask, read: Read) -> None:
        self._ask = ask
        self._read = read
        self._refused = False
        self.asked = 0

    async def all_of(self, named: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """Return those that are feeds; a declared one that is makes the hints needless."""
        found: list[Candidate] = []
        for each in named:
            if await self._is_feed(each):
                found.append(each)
                if each.declared:
                    break
        return tuple(found)

    async def first_of(self, named: Iterable[Candidate]) -> tuple[Candidate, ...]:
        """Return the first that is a feed."""
        for each in named:
            if await self._is_feed(each):
                return (each,)
        return ()

    async def _is_feed(self, candidate: Candidate) -> bool:
        if self._refused or self.asked == _MOST_ASKED:
            return False
        self.asked += 1
        answer = await self._ask(candidate.url)
        if isinstance(answer, Failed):
            self._refused = answer.status in _REFUSALS or answer.retry_after is not None
        return isinstance(answer, Fetched) and isinstance(await self._read(answer), Digest)


def _unanswered(answer: FetchResult) -> Discovery:
    if not isinstance(answer, Failed):
        return Discovery(trouble="unchanged, though nothing was known of it")
    return Discovery(trouble=answer.advice or answer.message, unasked=answer.kind in {"dns", "connect", "timeout"})


def _is_page(answer: Fetched) -> bool:
    return "html" in answer.headers.get("content-type", "").lower() or b"<" in answer.body[:1024]


def _charset(answer: Fetched) -> str | None:
    return (
        answer.headers.get("content-type", "").lower().partition("charset=")[2].strip(" \"'").partition(";")[0] or None
    )


def _well_known(url: str) -> Iterable[Candidate]:
    return (Candidate(url=urljoin(url, path), declared=False) for path in _WELL_KNOWN)
