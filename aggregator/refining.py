"""Records get better after they were written: a language model is asked about each, behind the polls' back.

A follower of the change log with a place of its own. What it finds is a new revision and an ``updated`` line. Whatever
goes wrong, the record keeps what was found out about it offline.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from secrets import token_hex

import structlog

from aggregator import __version__
from aggregator.enrich.llm.answer import Believed, believed, content_of
from aggregator.enrich.llm.patience import Breaker
from aggregator.enrich.llm.question import FORMS, Question, cache_key, request_body
from aggregator.enrich.vocabulary import read
from aggregator.fetch import FetchPolicy, Poster, configured_ports
from aggregator.model import Batch, Change, Failed, RecordId, Selection, Seq
from aggregator.settings.models import LlmSettings
from aggregator.shipped import shipped
from aggregator.store.contract import Store, Work
from aggregator.store.refinements import Refined
from aggregator.store.writer import Writer
from aggregator.text.markdown import text_of

NAME = "enrich.llm"  # of the place in the log; no output can be called that

_ALL = Selection(kinds=("new", "updated"))
_BATCH = 50  # changes
_STALE = timedelta(days=1)  # what could not be asked about for so long stays as it is
_TRIES = 3  # for one record
_LONGEST = 20_000  # characters of Markdown that are read
_NOT_ITS_FAULT = frozenset({401, 403, 429})  # refusals that say nothing of the record
_UNSUPPORTED = frozenset({400, 404, 415, 422, 501})  # answers that mean: ask in a simpler form
_ANYWHERE = (ip_network("0.0.0.0/0"), ip_network("::/0"))  # the operator named the server: it may be on this machine
_BYTES_PER_TOKEN = 3  # about, where the server does not say

log = structlog.get_logger("aggregator.refining")


@asynccontextmanager
async def refining(
    settings: LlmSettings | None,
    store: Store,
    write: Writer,
    clock: Callable[[], datetime],
    *,
    vocabulary: Path | None = None,
) -> AsyncIterator["Refiner | None"]:
    """Offer what refines records; None where the settings want nothing of it. ``vocabulary`` is a file of topics."""
    if settings is None:
        yield None
        return
    policy = FetchPolicy(
        version=__version__, allow_networks=_ANYWHERE, configured_ports=configured_ports([settings.base_url])
    )
    async with Poster(policy, now=clock) as poster:
        topics = read(vocabulary or shipped("topics.toml")).slugs
        yield Refiner(Model(settings, poster, token_hex), settings, store, write, topics=topics, clock=clock)


class Model:
    """The server, asked in the best form that it takes."""

    def __init__(self, settings: LlmSettings, poster: Poster, token: Callable[[], str]) -> None:
        self._settings = settings
        self._poster = poster
        self._token = token
        self._form = 0  # of FORMS
        self._url = f"{settings.base_url}/chat/completions"

    async def ask(self, question: Question) -> tuple[str | Failed, Mapping[str, int]]:
        """Return the text of the answer, or why there is none; and what was spent."""
        requests = tokens = 0
        result: str | Failed
        while True:
            form = FORMS[self._form]
            body = request_body(question, self._settings.model, form, self._token())
            answer = await self._poster.ask(self._url, self._headers(), body, deadline=self._settings.timeout)
            requests += 1
            if not isinstance(answer, Failed):
                result, used = _read(answer, self._url)
                tokens += (len(body) + len(answer)) // _BYTES_PER_TOKEN if used is None else used
            elif answer.status in _UNSUPPORTED and form != FORMS[-1]:
                self._form += 1  # and for good: what a server does not know it does not learn
                continue
            else:
                result = answer
            return result, {"requests": requests, "tokens": tokens}

    def _headers(self) -> dict[str, str]:
        key = self._settings.api_key
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            **({"Authorization": f"Bearer {key}"} if key else {}),
        }


class Refiner:
    """Follows the change log and asks about every record that is as the change says."""

    def __init__(
        self,
        model: Model,
        settings: LlmSettings,
        store: Store,
        write: Writer,
        *,
        topics: tuple[str, ...],
        clock: Callable[[], datetime],
    ) -> None:
        self._model = model
        self._settings = settings
        self._topics = topics
        self._store = store
        self._write = write
        self._clock = clock
        self._source = f"llm:{settings.model}"
        self._breaker = Breaker()
        self._tries: dict[RecordId, int] = {}
        self._stopping = False

    def stop(self) -> None:
        """Ask nothing further."""
        self._stopping = True

    async def catch_up(self) -> None:
        """Ask about every change that has come, until the server, the budget or the log has no more."""
        while self._is_ready:
            batch = await asyncio.to_thread(self._next)
            if batch is None:
                await self._write(lambda work: work.consumers.advance(NAME, work.log.last(), self._clock()))
                return
            for change in batch.changes:
                if not self._is_ready or not await self._refine(change):
                    return
                await self._move(change.seq)
            if batch.through == batch.after:
                return
            await self._move(batch.through)

    @property
    def _is_ready(self) -> bool:
        return not self._stopping and not self._breaker.is_open(self._clock())

    def _next(self) -> Batch | None:
        """Return the changes to come; None where this is the first time."""
        with self._store.read() as work:
            cursor = work.consumers.cursor(NAME)
            return None if cursor is None else work.log.select(cursor, _ALL, limit=_BATCH)

    async def _move(self, seq: Seq) -> None:
        await self._write(lambda work: work.consumers.advance(NAME, seq, self._clock()))

    async def _refine(self, change: Change) -> bool:
        """Look after one record; False where it has to wait."""
        record, revision = change.record, change.revision
        if record is None or revision is None or self._is_settled(change):
            return True
        ident = record.id
        known = await asyncio.to_thread(self._known, ident, revision)
        if known is None:
            return True
        question, answer = known
        if answer is None:
            return await self._asked(ident, revision, question)
        await self._write(lambda work: self._apply(work, ident, revision, believed(answer, question), {"hits": 1}))
        return True

    def _is_settled(self, change: Change) -> bool:
        """Whether a change is our own, has waited for too long, or only has other rules find something else.

        The last would have all that is stored be asked about anew; not so where the story itself may wait still.
        """
        now, seen = self._clock(), change.sighting
        is_old = seen is None or now - seen.first_seen > _STALE
        is_renewed = is_old and "renewed" in (change.detail or {})
        return is_renewed or self._source in (change.provenance or {}).values() or now - change.at > _STALE

    def _known(self, record: RecordId, revision: int) -> tuple[Question, str | None] | None:
        """Return the question and the answer that is kept; None where the record has changed since."""
        with self._store.read() as work:
            current = work.refinements.current(record, revision)
            if current is None:
                return None
            question = Question(title=current.title, text=text_of(current.body_md[:_LONGEST]), vocabulary=self._topics)
            return question, work.refinements.answer(cache_key(question, self._settings.model))

    async def _asked(self, record: RecordId, revision: int, question: Question) -> bool:
        if not await self._write(self._is_affordable):
            return False
        answer, spent = await self._model.ask(question)
        if isinstance(answer, Failed):
            return await self._failed(record, answer, spent)
        self._breaker = self._breaker.after_success()
        self._tries.pop(record, None)
        found = believed(answer, question)
        costs = {**spent, "refused": int(found.is_nothing)}

        def write(work: Work) -> None:
            work.refinements.keep_answer(cache_key(question, self._settings.model), answer, self._clock())
            self._apply(work, record, revision, found, costs)

        await self._write(write)
        return True

    async def _failed(self, record: RecordId, failure: Failed, spent: Mapping[str, int]) -> bool:
        """Note a failure; True where the record has had its tries."""
        now = self._clock()
        self._breaker = self._breaker.after_failure(now, failure.retry_after)
        if failure.status not in _NOT_ITS_FAULT:
            self._tries[record] = self._tries.get(record, 0) + 1
        log.warning("model did not answer", reason=failure.message, failures=self._breaker.failures)
        await self._write(lambda work: work.refinements.spend(now.date(), {**spent, "failures": 1}))
        return self._tries.get(record, 0) >= _TRIES and self._tries.pop(record) > 0

    def _is_affordable(self, work: Work) -> bool:
        spent = work.refinements.spent(self._clock().date())
        return (
            spent.get("requests", 0) < self._settings.requests_per_day
            and spent.get("tokens", 0) < self._settings.tokens_per_day
        )

    def _apply(self, work: Work, record: RecordId, revision: int, found: Believed, costs: Mapping[str, int]) -> None:
        now = self._clock()
        refined = Refined(
            summary=found.summary,
            topics=found.topics,
            entities=found.entities,
            source=self._source,
        )
        changed = work.refinements.refine(record, revision, refined, now)
        work.refinements.spend(now.date(), {**costs, "changed": int(changed)})


def _read(answer: bytes, url: str) -> tuple[str | Failed, int | None]:
    try:
        return content_of(answer)
    except ValueError as error:
        return Failed(kind="protocol", message=str(error), url=url), None
