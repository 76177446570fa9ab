"""Entities by a spaCy pipeline of the operator's. The pipelines here are real ones: rules for names, saved to disk."""

import dataclasses
import json
import re
import sys
from pathlib import Path

import pytest
import spacy

from aggregator.enrich import enrich
from aggregator.enrich.contract import trials
from aggregator.enrich.custom import Story
from aggregator.enrich.spacy import entities
from aggregator.model import Article, Pipeline
from aggregator.settings import ConfigError
from aggregator.settings.load import load
from aggregator.settings.pipelines import installed

NAMES = [
    ("ORG", "Harbour Board"),
    ("PERSON", "ada quill"),
    ("GPE", "Port Ellery"),
    ("SHIP", "Grey Gull"),
    ("DATE", "Monday"),
]
TEXT = "On Monday the Harbour Board met in Port Ellery. The Harbour Board thanked ada quill of the Grey Gull."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a pipeline for English in ``harbour``."""
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns([{"label": label, "pattern": name} for label, name in NAMES])  # type: ignore[attr-defined]
    nlp.meta["name"], nlp.meta["version"] = "harbour", "1.2.3"
    folder = tmp_path_factory.mktemp("pipelines")
    nlp.to_disk(folder / "harbour")
    return folder


def configured(folder: Path, value: str) -> tuple[Pipeline, ...]:
    path = folder / "aggregator.toml"
    path.write_text(f"[enrich]\nspacy = {value}\n")
    return load(path, {}).enrich.spacy


def test_a_saved_pipeline_finds_the_entities_of_its_language(folder: Path) -> None:
    """Names that no rule finds, in order of salience; what is no name is left out."""
    pipelines = configured(folder, '"./harbour"')
    article = Article(title="Thanks to ada quill", body_md=TEXT, text=TEXT, summary="")
    found = enrich(
        article, language="en", categories=(), enabled=frozenset(("language", "entities")), pipelines=pipelines
    )
    assert found.entities == ("ada quill", "Harbour Board", "Port Ellery", "Grey Gull")
    assert found.kinds == {"Harbour Board": "organisation", "ada quill": "person", "Port Ellery": "place"}
    assert found.provenance["entities"] == "spacy:en_harbour/1.2.3"
    german = enrich(article, language="de", categories=(), enabled=frozenset(("entities",)), pipelines=pipelines)
    assert german.provenance["entities"].startswith("rules/")
    (english,) = pipelines
    for_all = enrich(
        article,
        language="de",
        categories=(),
        enabled=frozenset(("entities",)),
        pipelines=(dataclasses.replace(english, lang="xx"),),
    )
    assert "Grey Gull" in for_all.entities


def test_it_lives_with_every_text(folder: Path) -> None:
    (pipeline,) = configured(folder, '["./harbour"]')

    def found(story: Story) -> dict[str, object]:
        return {"names": [entity.name for entity in entities(story.title, story.text, pipeline)]}

    assert [trial.sample for trial in trials(found) if trial.problem] == []


def test_an_installed_pipeline_is_picked_up_and_can_be_named_or_left_off(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Installed as `spacy package` does it: a package that holds the pipeline, and an entry point of spaCy's."""
    before = installed()
    package = tmp_path / "en_harbour"
    (folder / "harbour").rename(package := _made(package) / "en_harbour-1.2.3")
    (package.parent / "meta.json").write_text((package / "meta.json").read_text())
    about = tmp_path / "en_harbour-1.2.3.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: en-harbour\nVersion: 1.2.3\n")
    (about / "entry_points.txt").write_text("[spacy_models]\nen_harbour = en_harbour\n")
    try:
        monkeypatch.syspath_prepend(tmp_path)
        (pipeline,) = configured(tmp_path, '"en_harbour"')
        assert (pipeline.name, pipeline.version, pipeline.lang) == ("en_harbour", "1.2.3", "en")
        assert {*configured(tmp_path, '"auto"')} - {*before} == {pipeline}
        assert configured(tmp_path, '"off"') == ()
        assert next(entity.name for entity in entities("", TEXT, pipeline)) == "Harbour Board"
        with pytest.raises(ConfigError, match=r'"en_harbor".*spacy download en_harbor; there is .*did you mean'):
            configured(tmp_path, '"en_harbor"')
    finally:
        package.rename(folder / "harbour")


def _made(folder: Path) -> Path:
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    return folder


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            '"xx_nobody_has"',
            'aggregator.toml:2:9: enrich.spacy: no pipeline "xx_nobody_has" is installed: python -m spacy',
        ),
        ('"./nowhere"', 'no pipeline was saved in "./nowhere"'),
        ('["./harbour", "./harbour"]', "one pipeline for each language"),
        ("7", 'expected "auto", "off" or names'),
        ('"../etc; rm"', "no pipeline was saved"),
    ],
)
def test_what_is_named_and_not_there_is_a_mistake(folder: Path, value: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        configured(folder, value)


def test_a_pipeline_that_is_named_without_spacy_is_a_mistake(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "spacy", None)
    assert installed() == ()
    with pytest.raises(ConfigError, match=r"spaCy is not installed: pip install '.*\[nlp\]'"):
        configured(folder, '"./harbour"')
    assert json.loads((folder / "harbour" / "meta.json").read_text())["version"] == "1.2.3"
