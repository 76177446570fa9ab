"""``aggregator explain``: what becomes of a link, and which story it is."""

from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from aggregator.cli.choosing import the_one
from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say, when
from aggregator.feeds import Configuration, shown
from aggregator.store.contract import StoreError
from aggregator.store.keys import Meeting
from aggregator.store.location import open_store
from aggregator.text.counted import counted
from aggregator.url.check import split_url
from aggregator.url.clean import RULES_VERSION, Trace, trace
from aggregator.url.targets import is_unresolved

_MOST = 5  # records named that share a page


def explain(
    url: Annotated[str, typer.Argument(help="A link, as a feed has it.")],
    feed: Annotated[
        str | None, typer.Option("--feed", help="The feed that has it, by URL or name: ref= may name its host.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of text.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show what becomes of a link: each rule that changed it, its match key, and the record that it meets.

    Links with one match key are one story. The key is for comparing only; a record keeps its link as it was published.
    Nothing is fetched and nothing is written.

    \b
    Examples:
      aggregator explain 'https://www.example.org/story/?utm_source=rss'
      aggregator explain --feed https://example.org/feed.xml 'https://example.org/story?ref=example.org'
      aggregator explain --json 'https://www.google.com/url?q=https://example.org/story'
    """
    configuration = configured(config)
    feed = the_one(feed, configuration) if feed else None
    url = url.encode("utf-8", "replace").decode()  # an argument may hold any bytes
    site = split_url(feed) if feed else None
    traced = trace(url, sites=frozenset((site.host.lower(),) if site else ()))
    met, sharing, problem = _look_up(configuration, traced.key)
    if as_json:
        typer.echo(orjson.dumps(_fields(url, traced, met, sharing), option=orjson.OPT_INDENT_2).decode())
        return
    _say_trace(url, traced)
    say(f"record            {f'none: {problem}' if problem else _met(met)}")
    for line in _sightings(met):
        say(line)
    for each in sharing:
        say(f"shares this page  {each.slug}  ({each.match_key})")


def _look_up(configuration: Configuration, key: str) -> tuple[Meeting | None, list[Meeting], str]:
    """Return the record of the key, those that share its page, and why there may be more than was found."""
    try:
        with open_store(configuration.settings.store.url).read() as work:
            behind = work.keys.count_behind(RULES_VERSION)
            met, sharing = work.keys.meet(key), work.keys.marked(key, limit=_MOST)
    except StoreError as error:
        return None, [], str(error)
    stale = f"{counted(behind, 'record')} with keys of older rules: `aggregator run` or `poll` makes them anew"
    return met, sharing, stale if behind and met is None else ""


def _say_trace(url: str, traced: Trace) -> None:
    say(f"link              {url}")
    for step in traced.steps:
        say(f"  {step.rule} ({step.cases})")
        say(f"    {step.before}")
        say(f"    {step.after}")
    say(f"canonical_source  {traced.source or f'none: {traced.refused}'}")
    say(f"match_key         {traced.key}  (rules {RULES_VERSION})")
    if is_unresolved(url):
        say("unresolved        the story is elsewhere, and the link does not say where (UR-22, UR-23)")


def _met(met: Meeting | None) -> str:
    if met is None:
        return "none has this key"
    by = f"by the alias of {met.match_key} ({met.alias})" if met.alias else "by its own key"
    return f"{met.slug}, {by}, rules {met.version}: {met.title}"


def _sightings(met: Meeting | None) -> list[str]:
    return [
        f"  seen in         {shown(each.feed)} from {when(each.first_seen)} to {when(each.last_seen)}"
        for each in (met.sightings if met else ())
    ]


def _fields(url: str, traced: Trace, met: Meeting | None, sharing: list[Meeting]) -> dict[str, object]:
    return {
        "link": url,
        "canonical_source": traced.source,
        "refused": traced.refused,
        "match_key": traced.key,
        "rules": RULES_VERSION,
        "unresolved": is_unresolved(url),
        "steps": [asdict(step) for step in traced.steps],
        "record": _record(met) if met else None,
        "shares_page": [each.slug for each in sharing],
    }


def _record(met: Meeting) -> dict[str, object]:
    return asdict(met) | {"sightings": [asdict(each) | {"feed": shown(each.feed)} for each in met.sightings]}
