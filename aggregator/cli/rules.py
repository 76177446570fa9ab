"""``aggregator rules``: what the rules of the configuration do."""

from collections import Counter
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, configured, say
from aggregator.cli.stored import article_of
from aggregator.model import Article
from aggregator.rules.judge import Subject, Verdict, judge
from aggregator.store.location import open_store
from aggregator.store.upkeep import Story
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

app = typer.Typer(help="Try out the [[rules]] of the configuration.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def rules() -> None:
    """Try out the [[rules]] of the configuration."""


@app.command("test")
def preview(
    show_all: Annotated[bool, typer.Option("--all", help="Also the records that no rule touches.")] = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show what the rules would do to the records in the store. It changes nothing.

    One line for each record that they would drop or change: what, the slug, the title (as it would be), the rules;
    separated by tabs. Rules act on entries as they come; what is stored already stays as it is.

    \b
    Example:
      aggregator rules test | grep ^drop
    """
    settings = configured(config).settings
    judging = settings.judging()
    counts: Counter[str] = Counter()
    with open_store(settings.store.url).read() as work:
        for story in work.retention.stories():
            verdict = judge(_subject(story, article_of(story.record)), judging)
            kind, by = _told(verdict)
            counts[kind] += 1
            if by or show_all:
                row = (kind, story.record.slug, verdict.article.title, ", ".join(by), " ".join(verdict.tags))
                typer.echo("\t".join(map(printable, row)).rstrip("\t"))
    records = counted(counts.total(), "record")
    say(f"{records}: {counts['drop']} dropped, {counts['change']} changed, {counts['keep']} as they are")


def _told(verdict: Verdict) -> tuple[str, tuple[str, ...]]:
    if verdict.dropped_by is not None:
        return "drop", (verdict.dropped_by,)
    return ("change" if verdict.changed_by else "keep"), verdict.changed_by


def _subject(story: Story, article: Article) -> Subject:
    return Subject(feeds=story.feeds, categories=story.categories, authors=story.authors, article=article)
