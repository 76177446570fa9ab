"""Which spaCy pipelines are there (``[enrich] spacy``). Nothing of spaCy is loaded to find out."""

import json
import re
from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from pydantic import ValidationInfo

from aggregator.model import Pipeline
from aggregator.settings.problems import nearest
from aggregator.settings.values import quoted
from aggregator.shipped import installing

_GROUP = "spacy_models"  # where packages of pipelines announce themselves
_PACKAGE = re.compile(r"[A-Za-z]\w*")
_INSTALL = f"spaCy is not installed: {installing('nlp')}"


def pipelines(value: object, info: ValidationInfo) -> tuple[Pipeline, ...]:
    """What is installed ("auto"), nothing ("off"), or these: names of packages, and folders of saved pipelines."""
    if value == "auto":
        return installed()
    if value == "off":
        return ()
    wanted = [value] if isinstance(value, str) else value
    if not isinstance(wanted, list | tuple) or not all(isinstance(each, str | Pipeline) for each in wanted):
        raise ValueError(f'expected "auto", "off" or names such as ["en_core_web_sm"], got {quoted(value)}')
    if wanted and find_spec("spacy") is None:
        raise ValueError(_INSTALL)
    folder = info.context["path"].parent.resolve() if info.context else Path()
    found = tuple(each if isinstance(each, Pipeline) else _pipeline(each, folder) for each in wanted)
    if len({each.lang for each in found}) < len(found):
        raise ValueError("expected one pipeline for each language")
    return found


def installed() -> tuple[Pipeline, ...]:
    """Return the pipelines that are installed, the first by name of each language; none where spaCy is not."""
    found: dict[str, Pipeline] = {}
    for name in _names():
        if (package := _package(name)) is not None:
            found.setdefault(package.lang, package)
    return tuple(found.values())


def _names() -> list[str]:
    return sorted({each.name for each in entry_points(group=_GROUP)}) if find_spec("spacy") else []


def _pipeline(stated: str, folder: Path) -> Pipeline:
    if "/" in stated:
        return _saved(folder / stated, stated)
    found = _package(stated)
    if found is None:
        names = _names()
        there = f"; there is {', '.join(names)}{nearest(stated, names)}" if names else ""
        raise ValueError(f"no pipeline {quoted(stated)} is installed: python -m spacy download {stated}{there}")
    return found


def _saved(path: Path, stated: str) -> Pipeline:
    """Return the pipeline in a folder, as ``nlp.to_disk`` writes it."""
    try:
        return _described(path, json.loads((path / "meta.json").read_bytes()))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ValueError(f"no pipeline was saved in {quoted(stated)}: {error!r:.100}") from error


def _package(name: str) -> Pipeline | None:
    spec = find_spec(name) if _PACKAGE.fullmatch(name) else None
    for place in _places(spec.submodule_search_locations if spec else None):
        try:
            meta = json.loads((place / "meta.json").read_bytes())
            return _described(place / f"{meta['lang']}_{meta['name']}-{meta['version']}", meta)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _places(locations: object) -> Iterator[Path]:
    return map(Path, locations if isinstance(locations, list) else ())


def _described(path: Path, meta: dict[str, str]) -> Pipeline:
    return Pipeline(name=f"{meta['lang']}_{meta['name']}", version=meta["version"], lang=meta["lang"], path=path)
