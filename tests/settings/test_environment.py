"""The environment overrides the file."""

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.settings import ConfigError, load


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "aggregator.toml"
    path.write_text('[fetch]\ntimeout = "5s"\nper_host = 2\n', encoding="utf-8")
    return path


def problems(path: Path, environ: dict[str, str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ)
    return [str(problem) for problem in caught.value.problems]


def test_a_variable_overrides_its_key_alone(path: Path) -> None:
    settings = load(path, {"AGGREGATOR__FETCH__TIMEOUT": "90s", "AGGREGATOR__STORE__KEEP": "7d", "PATH": "/bin"})
    assert settings.fetch.timeout == timedelta(seconds=90)
    assert settings.fetch.per_host == 2
    assert settings.store.keep == timedelta(days=7)


def test_lists_and_numbers_are_json(path: Path) -> None:
    environ = {
        "AGGREGATOR__ENRICH__ENABLED": '["language"]',
        "AGGREGATOR__FETCH__CONCURRENCY": "8",
        "AGGREGATOR__FETCH__MAX_SIZE": "1000",
        "AGGREGATOR__INCLUDE": '["a.toml"]',
        "AGGREGATOR__FEEDS": '[{"url": "http://example.org/", "enabled": false}]',
    }
    settings = load(path, environ)
    assert settings.enrich.enabled == ("language",)
    assert (settings.fetch.concurrency, settings.fetch.max_size) == (8, 1000)
    assert settings.include == (path.parent / "a.toml",)
    assert [(feed.url, feed.enabled) for feed in settings.feeds] == [("http://example.org/", False)]


def test_a_wrong_value_names_its_variable(path: Path) -> None:
    environ = {
        "AGGREGATOR__FETCH__TIMEOUT": "soon",
        "AGGREGATOR__FETCH__PER_HOST": "many",
        "AGGREGATOR__ENRICH__ENABLED": '["sumary"]',
        "AGGREGATOR__SCHEDULE__MIN": "48h",
    }
    assert problems(path, environ) == [
        (
            "AGGREGATOR__ENRICH__ENABLED: enrich.enabled: expected one of language, summary, topics, entities,"
            ' near-duplicates, got "sumary"; did you mean "summary"?'
        ),
        'AGGREGATOR__FETCH__PER_HOST: expected JSON, such as ["a", "b"], 3 or true, got "many"',
        'AGGREGATOR__FETCH__TIMEOUT: fetch.timeout: expected a duration such as "90s", "15m", "2h" or "1d", got "soon"',
        "AGGREGATOR__SCHEDULE__MIN: schedule: expected min <= default <= max, but min (2d) exceeds default (1h)",
    ]


def test_an_unknown_variable_is_a_problem_with_the_nearest_name(path: Path) -> None:
    assert problems(path, {"AGGREGATOR__FETCH__TIMEOT": "90s", "AGGREGATOR__SOMETHING__ELSE": ""}) == [
        'AGGREGATOR__FETCH__TIMEOT: unknown setting; did you mean "AGGREGATOR__FETCH__TIMEOUT"?',
        "AGGREGATOR__SOMETHING__ELSE: unknown setting",
    ]


def test_a_variable_mends_a_wrong_value_of_the_file(path: Path) -> None:
    path.write_text("[fetch]\ntimeout = 5\n", encoding="utf-8")
    assert load(path, {"AGGREGATOR__FETCH__TIMEOUT": "5s"}).fetch.timeout == timedelta(seconds=5)


def test_a_variable_below_what_is_no_table_leaves_the_problem_to_the_file(path: Path) -> None:
    path.write_text("fetch = 5\n", encoding="utf-8")
    assert problems(path, {"AGGREGATOR__FETCH__TIMEOUT": "5s"}) == [f"{path}:1:9: fetch: expected a table, got 5"]
