"""``aggregator probe``: what a feed is like, before it is added."""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from aggregator.cli.check import FormatOption
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say
from aggregator.cli.probing import Findings, findings
from aggregator.cli.websub import offer_of
from aggregator.daemon import clock, guarded_fetcher
from aggregator.digest.job import DigestJob
from aggregator.digest.workers import Digester
from aggregator.feeds import shown
from aggregator.fetch import FetchRequest, OriginBudget
from aggregator.model import Digest, Failed, Fetched, FetchResult, RequestOptions
from aggregator.settings import Settings
from aggregator.settings.feed_url import feed_url
from aggregator.tooling import poll_policy
from aggregator.url.origin import origin


def probe(
    url: Annotated[str, typer.Argument(help="A feed's URL.")],
    config: ConfigOption = DEFAULT_CONFIG,
    form: FormatOption = "text",
) -> None:
    """Ask for a feed twice and say what it is like: nothing is stored, and no store is needed.

    Its format and entries, how often it publishes, whether its validators work (the second request is conditional),
    size and compression, redirects, its hub, the interval that polling would begin with and why, and its first entry as
    the record that it would become. The second request waits for [fetch] host_delay. A configured feed is asked with
    its own headers and credentials; without a configuration file the defaults hold.

    Exit status: 0, or 1 where there is no feed.

    \b
    Examples:
      aggregator probe https://example.org/feed.xml
      aggregator probe https://example.org/feed.xml --format json | jq .interval
    """
    try:
        address = feed_url(url)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    settings, options = _settings(config, address)
    found = asyncio.run(_probed(address, settings, options))
    if isinstance(found, str):
        if form == "json":
            say(json.dumps({"url": shown(address), "error": found}))
        complain(f"{shown(address)}: {found}\n`aggregator feeds add URL` looks for the feeds that a page names")
        raise typer.Exit(1)
    if form == "json":
        say(json.dumps(found.fields(), ensure_ascii=False))
    else:
        _tell(found)


def _settings(config: Path, url: str) -> tuple[Settings, RequestOptions]:
    if config == DEFAULT_CONFIG and not config.exists():
        return Settings.model_validate({}, context={"path": config, "environ": {}}), RequestOptions()
    configuration = configured(config)
    own = (feed.options for feed in configuration.feeds if feed.url == url)
    return configuration.settings, next(own, None) or RequestOptions()


async def _probed(url: str, settings: Settings, options: RequestOptions) -> Findings | str:
    """Return what was found, or why there is nothing."""
    budget = OriginBudget(per_host=1, host_delay=settings.fetch.host_delay, concurrency=1)
    async with guarded_fetcher(settings, [url]) as fetcher:

        async def ask(request: FetchRequest) -> FetchResult:
            async with budget.slot(origin(url)):
                return await fetcher.fetch(request)

        first = await ask(FetchRequest(url=url, options=options))
        if not isinstance(first, Fetched):
            return (
                (first.advice or first.message)
                if isinstance(first, Failed)
                else "it answers that nothing has changed, unasked"
            )
        async with Digester(1) as digester:
            read = await digester(_job(url, first, settings))
        if not isinstance(read, Digest):
            return read.message
        again = await ask(FetchRequest(url=url, options=options, validators=first.validators))
    return findings(url, first, again, read, hub=offer_of(first), policy=poll_policy(settings), now=clock())


def _job(url: str, document: Fetched, settings: Settings) -> DigestJob:
    return DigestJob(
        feed_url=url,
        url=document.url,
        body=document.body,
        content_type=document.headers.get("content-type"),
        now=clock(),
        known={},
        link_identity=False,
        enabled=frozenset(settings.enrich.enabled),
        vocabulary=settings.enrich.topics,
    )


def _tell(found: Findings) -> None:
    told: dict[str, Any] = found.fields()
    sample = told.pop("sample")
    for key, value in found.lines():
        say(f"{key:<12}{value}")
    if sample:
        say("")
        say("the first entry, as a record:")
        for key, value in sample.items():
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            say(f"  {key:<18}{' '.join(text.split())[:200]}")
