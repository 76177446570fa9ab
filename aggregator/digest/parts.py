"""Reading a feed whose first document only names those that hold its entries: a sitemap index."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.digest.job import Body, DigestJob
from aggregator.model import Digest, Failed, Fetched, FetchResult, Part, Unreadable

_MARGIN = timedelta(days=1)  # dates of change may have no time of day, nor a zone
_REFUSALS = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """What a feed's documents came to."""

    result: FetchResult  # of the first document; the failure where none of its parts could be had
    read: Digest | Unreadable | None
    settled: bool  # as long as the first document stays as it is, there is nothing else to read
    raw: bytes | None = None  # all that was read, packed


async def read_whole(
    job: DigestJob,
    document: Fetched,
    ask: Callable[[str], Awaitable[FetchResult]],
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]],
    *,
    last_whole: datetime | None,
) -> Whole:
    """Digest a document, and where it names parts, once more with them.

    Parts are asked for one after the other, and no more once the server refuses one (ST-07). One that has not changed
    since ``last_whole``, when everything was read, is not asked for, but for the first.
    """
    read = await digest(job)
    if isinstance(read, Unreadable) or not read.parts:
        return Whole(result=document, read=read, settled=True)
    wanted = _wanted(read.parts, last_whole)
    answers = await _answers(wanted, ask)
    had = [answer for answer in answers if isinstance(answer, Fetched)]
    missed = [answer for answer in answers if isinstance(answer, Failed)]
    if not had:
        return Whole(result=missed[0] if missed else document, read=None, settled=False)
    waits = [answer.retry_after for answer in answers if answer.retry_after]
    result = replace(
        document,
        retry_after=max((document.retry_after, *waits), key=lambda wait: wait or timedelta()),
        wire_bytes=document.wire_bytes + sum(answer.wire_bytes for answer in had),
    )
    bodies = (Body(url=each.url, body=each.body, content_type=each.headers.get("content-type")) for each in had)
    whole = await digest(replace(job, parts=tuple(bodies)))
    return Whole(result=result, read=whole, settled=not missed and all(part.changed for part in read.parts))


def _wanted(parts: Sequence[Part], last_whole: datetime | None) -> list[Part]:
    changed = [part for part in parts[1:] if not (last_whole and part.changed) or part.changed > last_whole - _MARGIN]
    return [*parts[:1], *changed]


async def _answers(parts: Sequence[Part], ask: Callable[[str], Awaitable[FetchResult]]) -> list[FetchResult]:
    answers: list[FetchResult] = []
    for part in parts:
        answer = await ask(part.url)
        answers.append(answer)
        if isinstance(answer, Failed) and (answer.retry_after or answer.status in _REFUSALS):
            break
    return answers
