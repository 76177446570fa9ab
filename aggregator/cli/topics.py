"""``aggregator topics``: what the vocabulary of topics does."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say
from aggregator.cli.stored import article_of
from aggregator.enrich.language import detect
from aggregator.enrich.topics import choose, explain, find, score
from aggregator.enrich.vocabulary import CATEGORY, Vocabulary, read
from aggregator.model import Article
from aggregator.settings import Settings
from aggregator.shipped import shipped
from aggregator.store.location import open_store
from aggregator.text.counted import counted
from aggregator.text.terminal import printable

Subject = tuple[Article, tuple[str, ...], str | None]  # with its categories and language

_EVERYWHERE = 0.2  # of all records: a term in so many tells none apart

app = typer.Typer(help="Try out the vocabulary of topics.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def topics() -> None:
    """Try out the vocabulary of topics."""


@app.command("test")
def preview(
    what: Annotated[str, typer.Argument(metavar="FILE|SLUG", help="A text, its title on the first line; or a record.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Show what topics a text or a record has, and which terms scored what.

    One line for each topic that scores, the best first: whether it is chosen, its slug, its points, and the points of
    each term; separated by tabs. What is missing from the sum a parent has from its children.

    \b
    Examples:
      aggregator topics test draft.txt
      aggregator topics test meta-pauses-employee-tracking-program
    """
    settings = configured(config).settings
    vocabulary = _vocabulary(settings)
    article, categories, language = _of_file(Path(what)) if Path(what).is_file() else _of_record(what, settings)
    found = find(article, categories, vocabulary, language=language)
    scores = score(found, vocabulary)
    chosen = choose(scores, vocabulary)
    for number in sorted(scores, key=lambda each: -scores[each]):
        topic = vocabulary.topics[number]
        terms = ", ".join(f"{each.term} {each.points:.1f}" for each in explain(topic, found, vocabulary))
        mark = "chosen" if topic.slug in chosen else "-"
        _row(mark, topic.slug, f"{scores[number]:.1f}", terms)
    say(f"topics: {', '.join(chosen) or 'none'}")


@app.command()
def lint(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List terms that are of no use with the records in the store.

    One line each, separated by tabs: "never" or "everywhere" (in a fifth of the records and more), the topic, the term,
    in how many records it is. Few records make many terms look idle.

    \b
    Example:
      aggregator topics lint | grep ^everywhere
    """
    settings = configured(config).settings
    vocabulary = _vocabulary(settings)
    seen: Counter[int] = Counter()
    records = 0
    for article, categories, language in _stored(settings):
        found = find(article, categories, vocabulary, language=language)
        seen.update({each.term for each in found})
        records += 1
    useless = 0
    for topic in vocabulary.topics:
        for term in topic.terms:
            often = seen[term]
            if often and often < _EVERYWHERE * records:
                continue
            useless += 1
            stated = vocabulary.terms[term].replace(CATEGORY, "category: ", 1)
            _row("everywhere" if often else "never", topic.slug, stated, str(often))
    say(f"{counted(records, 'record')}, {counted(len(vocabulary.terms), 'term')}: {useless} of no use")


def _row(*cells: str) -> None:
    typer.echo("\t".join(map(printable, cells)))


def _vocabulary(settings: Settings) -> Vocabulary:
    return read(settings.enrich.topics or shipped("topics.toml"))


def _of_file(path: Path) -> Subject:
    title, _, text = path.read_text(encoding="utf-8", errors="replace").partition("\n")
    article = Article(title=title, body_md="", text=text, summary="")
    return article, (), detect(article, hint=None)[0]


def _of_record(slug: str, settings: Settings) -> Subject:
    slug = slug.rstrip("/").rpartition("/")[2]
    for subject in _stored(settings, slug):
        return subject
    complain(f"there is no such file, and no record has the slug {slug!r}; `aggregator export` lists all of them")
    raise typer.Exit(1)


def _stored(settings: Settings, slug: str | None = None) -> Iterator[Subject]:
    with open_store(settings.store.url).read() as work:
        for story in work.retention.stories():
            if slug in (None, story.record.slug):
                yield article_of(story.record), story.categories, story.record.lang
