"""The one use case: fetch -> digest -> commit."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from aggregator.digest.archive import with_archive
from aggregator.digest.job import Body, DigestJob
from aggregator.digest.pages import PageTools, Reader
from aggregator.digest.parts import Whole, read_whole
from aggregator.digest.raw import packed
from aggregator.fetch.budget import OriginBudget, OriginPausedError
from aggregator.fetch.policy import FetchRequest
from aggregator.model import (
    CustomEnricher,
    Digest,
    Failed,
    Feed,
    Fetched,
    FetchResult,
    Offer,
    Pipeline,
    PollOutcome,
    RequestOptions,
    Rule,
    Unreadable,
)
from aggregator.schedule.gaps import is_gap
from aggregator.schedule.lifecycle import Moment, decide, postponed
from aggregator.schedule.moving import adoptable
from aggregator.schedule.policy import PollPolicy
from aggregator.schedule.price import Price
from aggregator.schedule.revalidation import validators_to_send
from aggregator.store.commit import commit
from aggregator.store.contract import Work
from aggregator.store.plan import Applied
from aggregator.store.writer import Writer
from aggregator.url.origin import host_origin
from aggregator.websub.discovery import Named, offered

LEASE = timedelta(minutes=10)


def plain_request(feed: Feed) -> FetchRequest:
    """Return the request of a feed without options of its own."""
    return FetchRequest(url=feed.fetch_url, validators=feed.validators, origin=feed.origin)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What polling works with; every effect is one of these."""

    fetch: Callable[[FetchRequest], Awaitable[FetchResult]]
    digest: Callable[[DigestJob], Awaitable[Digest | Unreadable]]
    write: Writer
    budget: OriginBudget
    policy: PollPolicy
    enabled: frozenset[str]
    fill_gaps: bool
    clock: Callable[[], datetime]
    rules: tuple[Rule, ...] = ()
    vocabulary: Path | None = None  # of topics; None is the shipped one
    boilerplate: Path | None = None  # rules of the operator's own
    custom: tuple[CustomEnricher, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()  # of spaCy
    request: Callable[[Feed], FetchRequest] = plain_request
    origin_of: Callable[[str, str | None], str] = host_origin  # of a URL, and the address last found there
    pages: PageTools | None = None  # None: no feed wants any
    keeps_raw: bool = False  # what polls read
    price: Price = field(default_factory=Price)  # of a request; whoever keeps a budget moves it

    @property
    def policy_now(self) -> PollPolicy:
        """The policy at the price of the moment."""
        return replace(self.policy, price=self.price.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one poll came to, for logs and progress bars."""

    outcome: PollOutcome
    applied: Applied
    advice: str = ""  # for the operator alone
    answered_at: datetime | None = None  # when the request was over


class LedToPausedError(Exception):
    """A poll was led on to an origin that may not be asked soon; who led it there has been asked."""

    def __init__(self, started: datetime, wait: timedelta) -> None:
        super().__init__(f"led to an origin that may be asked again in {wait}")
        self.started = started
        self.wait = wait


async def ask(feed: Feed, tools: Tools) -> tuple[datetime, FetchResult]:
    """Fetch the feed's document when its origin's budget allows it; return when that was, and what came.

    Raises OriginPausedError where it is not allowed soon, LedToPausedError where it was and a redirect leads elsewhere.
    """
    async with tools.budget.slot(feed.origin):
        started = tools.clock()
        # Without the hash of a document read whole, "unchanged" would say too little.
        validators = validators_to_send(feed, tools.policy, started) if feed.body_hash else None
        try:
            return started, await tools.fetch(replace(tools.request(feed), validators=validators))
        except OriginPausedError as paused:
            raise LedToPausedError(started, paused.wait) from paused


async def settle(feed: Feed, result: FetchResult, started: datetime, tools: Tools) -> Report:
    """Digest what is new in an answer, and commit it with the next poll's time."""
    answered_at = tools.clock()
    body_hash = hashlib.blake2b(result.body, digest_size=16).digest() if isinstance(result, Fetched) else None
    read = raw = None
    if isinstance(result, Fetched) and body_hash != feed.body_hash:
        whole = await _digested(feed, result, started, tools)
        result, read = whole.result, whole.read
        body_hash, raw = body_hash if whole.settled else None, whole.raw
    now = tools.clock()
    moment = Moment(started=started, now=now, policy=tools.policy_now, twin=await _twin(feed, result, now, tools))
    outcome = replace(_of_its_origin(decide(feed, result, read, body_hash, moment), result, tools), raw=raw)
    if isinstance(result, Fetched) and outcome.digest is not None:
        outcome = replace(outcome, offer=_offer(result, outcome.digest))
    advice = result.advice if isinstance(result, Failed) else ""
    applied = await commit_outcome(outcome, tools)
    return Report(outcome=outcome, applied=applied, advice=advice, answered_at=answered_at)


async def put_off(feed: Feed, paused: LedToPausedError, tools: Tools) -> Report:
    """Commit a poll that came to nothing, and was one for those who were asked."""
    outcome = postponed(feed, paused.wait, Moment(started=paused.started, now=tools.clock(), policy=tools.policy))
    return Report(outcome=outcome, applied=await commit_outcome(outcome, tools))


def _of_its_origin(outcome: PollOutcome, result: FetchResult, tools: Tools) -> PollOutcome:
    """Return the outcome with the origin that the feed now belongs to, which is told what it alone was told."""
    feed = outcome.feed
    address = result.address or feed.address
    origin = tools.origin_of(feed.fetch_url, address)
    answered = origin if result.url == feed.fetch_url else tools.origin_of(result.url, address)
    told_us = answered == feed.origin and tools.budget.shares_verdicts(feed.origin)
    retry_at = outcome.origin_retry_at if told_us else None
    if (address, origin, retry_at) == (feed.address, feed.origin, outcome.origin_retry_at):
        return outcome  # nearly always, and a copy of a feed costs as much as looking its name up
    return replace(outcome, feed=replace(feed, address=address, origin=origin), origin_retry_at=retry_at)


async def commit_outcome(outcome: PollOutcome, tools: Tools) -> Applied:
    """Write one poll in one transaction, with what it taught about origins."""
    news = tools.budget.news()

    def write(work: Work) -> Applied:
        applied = commit(work, outcome)
        work.origins.keep(news)
        return applied

    return await tools.write(write)


def digest_job(feed: Feed, document: Body, known: Mapping[bytes, bytes], started: datetime, tools: Tools) -> DigestJob:
    """Return what a document of the feed is read with; ``known`` is the feed's window."""
    return DigestJob(
        feed_url=feed.url,
        url=document.url,
        body=document.body,
        content_type=document.content_type,
        now=started,
        known=known,
        link_identity=feed.identity == "link",
        enabled=tools.enabled,
        vocabulary=tools.vocabulary,
        boilerplate=tools.boilerplate,
        feed_name=feed.name,
        rules=tools.rules,
        custom=tools.custom,
        pipelines=tools.pipelines,
    )


def reading(feed: Feed, started: datetime, tools: Tools) -> Callable[[DigestJob], Awaitable[Digest | Unreadable]]:
    """Return what digests the feed's documents: with their entries' pages, where those are wanted."""
    pages = tools.pages
    if pages is None or feed.url not in pages.feeds:
        return tools.digest

    async def ask(url: str) -> FetchResult:
        return await _asked(_request_of_part(url, feed, tools), feed, tools)

    async def ask_rules(url: str) -> FetchResult:
        request = _request_of_part(url, feed, tools)  # whose headers and credentials are of no use for it
        plain = RequestOptions(proxy=request.options.proxy, user_agent=request.options.user_agent)
        return await _asked(replace(request, options=plain, home=url), feed, tools)

    return Reader(
        digest=tools.digest,
        tools=pages,
        ask=ask,
        ask_rules=ask_rules,
        is_late=lambda: tools.clock() - started > LEASE / 2,
        full_text=pages.feeds[feed.url],
    )


async def _digested(feed: Feed, document: Fetched, started: datetime, tools: Tools) -> Whole:
    known = {} if feed.digested_at is None else await tools.write(lambda work: work.feeds.window(feed))
    body = Body(url=document.url, body=document.body, content_type=document.headers.get("content-type"))
    job = digest_job(feed, body, known, started, tools)

    async def ask(url: str) -> FetchResult:
        if tools.clock() - started > LEASE / 2:
            return Failed(kind="timeout", message="its pages take too long", url=url)
        return await _asked(_request_of_part(url, feed, tools), feed, tools)

    jobs = [job]

    async def digest(job: DigestJob) -> Digest | Unreadable:
        jobs.append(job)
        return await tools.digest(job)

    last_whole = feed.digested_at if feed.body_hash else None
    read = reading(feed, started, replace(tools, digest=digest))
    whole = await read_whole(job, document, ask, read, last_whole=last_whole)
    if tools.keeps_raw and isinstance(whole.read, Digest):
        whole = replace(whole, raw=await asyncio.to_thread(packed, jobs[-1]))  # the last one had all there is
    if isinstance(whole.read, Digest) and whole.read.pages_waiting:
        whole = replace(whole, settled=False)
    if tools.fill_gaps and isinstance(whole.read, Digest) and is_gap(whole.read):
        return replace(whole, read=await with_archive(whole.read, job, ask, tools.digest))
    return whole


def _offer(document: Fetched, read: Digest) -> Offer | None:
    named = Named(hubs=read.hubs, topic=read.topic)
    return offered(document.headers.get("link", ""), named, document.url)


async def _asked(request: FetchRequest, feed: Feed, tools: Tools) -> FetchResult:
    """Ask for a document that is not the feed's own; it has a place of its own in the budget."""
    try:
        async with tools.budget.slot(request.origin or feed.origin):
            return await tools.fetch(request)
    except OriginPausedError as paused:
        return Failed(kind="status", message=str(paused), url=request.url, retry_after=paused.wait)


def _request_of_part(url: str, feed: Feed, tools: Tools) -> FetchRequest:
    """Return the request of a document that the feed's names: like the feed's own, as far as it leads to its host.

    What is personal stays with the feed's origin (ST-21); the budget is that of whoever is asked.
    """
    own = tools.request(feed)
    at_home = host_origin(url) == host_origin(own.url)
    origin = feed.origin if at_home else tools.origin_of(url, None)
    return replace(own, url=url, home=own.url, origin=origin, validators=None)


async def _twin(feed: Feed, result: FetchResult, now: datetime, tools: Tools) -> str | None:
    """Return the other feed that is polled where this one is about to move (ST-19)."""
    target = adoptable(feed, result, now)
    return None if target is None else await tools.write(lambda work: work.schedule.twin(feed, target))
