"""Reading aggregator.toml."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from aggregator.settings.agreement import disagreements
from aggregator.settings.boilerplate import boilerplate_problems
from aggregator.settings.checks import list_path
from aggregator.settings.document import Document, parse
from aggregator.settings.environment import overridden
from aggregator.settings.explain import validated
from aggregator.settings.models import FeedList, Settings, StoreSettings
from aggregator.settings.problems import ConfigError, Problem
from aggregator.settings.vocabulary import vocabulary_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """A configuration file read as far as it goes: without problems there are settings."""

    document: Document
    settings: Settings | None
    includes: tuple[tuple[int, Path], ...]  # what can be told of `include`, by index, even where settings cannot be
    problems: tuple[Problem, ...]


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Return the settings in ``path``, overridden by ``environ``; an absent key has its default.

    Raises ConfigError with every problem of the file and the environment. Feeds in included lists are not looked at.
    """
    examined = examine(path, environ)
    if examined.settings is None or examined.problems:
        raise ConfigError(examined.problems)
    return examined.settings


def store_url(path: Path, environ: Mapping[str, str]) -> str | None:
    """Return where the store is, whatever else is wrong; None where that cannot be told."""
    with suppress(ConfigError):
        document, _ = overridden(read(path), environ)
        written = document.data.get("store", {})
        only = {"url": written["url"]} if isinstance(written, dict) and "url" in written else {}
        store, _ = validated(replace(document, data=only), StoreSettings, {"path": path, "environ": environ})
        return store.url if store else None
    return None


def examine(path: Path, environ: Mapping[str, str]) -> Examined:
    """Return what ``path`` and ``environ`` say and every problem in it. Raises ConfigError where it is no TOML."""
    document, unusable = overridden(read(path), environ)
    settings, wrong = validated(document, Settings, {"path": path, "environ": environ})
    problems = sorted((*wrong, *disagreements(document), *unusable), key=_order)
    if settings is not None and settings.enrich.topics is not None:
        problems += topics_problems(settings.enrich.topics)
    if settings is not None and settings.enrich.boilerplate is not None:
        problems += _problems_of(settings.enrich.boilerplate, boilerplate_problems)
    includes = tuple(_includes(document, path))
    return Examined(document=document, settings=settings, includes=includes, problems=tuple(problems))


def examine_list(document: Document, environ: Mapping[str, str]) -> tuple[FeedList | None, tuple[Problem, ...]]:
    """Return the feeds of an included TOML file, or None and every problem in it."""
    feeds, problems = validated(document, FeedList, {"path": Path(document.file), "environ": environ})
    return feeds, tuple(sorted(problems, key=_order))


def topics_problems(path: Path) -> tuple[Problem, ...]:
    """Return every problem of a vocabulary of topics, top to bottom."""
    return _problems_of(path, vocabulary_problems)


def _problems_of(path: Path, check: Callable[[Document], tuple[Problem, ...]]) -> tuple[Problem, ...]:
    try:
        return check(read(path))
    except ConfigError as error:
        return error.problems


def read(path: Path) -> Document:
    """Return the TOML file at ``path``. Raises ConfigError where it is missing, unreadable or no TOML."""
    try:
        body = path.read_bytes()
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        problem = Problem(file=str(path), message=message, kind="unreadable")
        raise ConfigError([problem]) from error
    return parse(str(path), body)


def _includes(document: Document, path: Path) -> Iterator[tuple[int, Path]]:
    listed = document.data.get("include")
    for index, included in enumerate(listed if isinstance(listed, list) else ()):
        with suppress(ValueError):  # a problem already
            yield index, list_path(included, {"path": path})


def _order(problem: Problem) -> tuple[bool, int, int, str]:
    """Top to bottom; the variables, which have no line, after the file."""
    return not problem.line, problem.line, problem.column, problem.file
