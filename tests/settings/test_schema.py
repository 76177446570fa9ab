"""Editors are told what the program takes, key by key."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from aggregator.cli.config import schema_text
from aggregator.settings.models import Settings
from aggregator.settings.section import Section, table_of
from tests.settings.test_shipped import CONFIG, ROOT, uncommented

SHIPPED = ROOT / "config/aggregator.schema.json"
SCHEMA: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
RIGHT = [
    'feeds = [{ url = "http://a/", interval = "1h30m", auth = { user = "me", password = { env = "X" } } }]',
    '[[webhook]]\nname = "a"\nurl = "http://a/"\nsecret = { file = "key" }\nkind = ["new"]\nretry_for = "1d"',
    '[[command]]\nname = "a"\nargv = ["true"]',
    '[[rules]]\naction = "drop"\ntitle = { regex = "x" }\ntext = "y"',
    '[enrich.llm]\nbase_url = "http://a"\nmodel = "m"\napi_key = { env = "K" }',
    '[fetch]\nmax_size = 1000\nallow_networks = ["10.0.0.0/8"]\n[[fetch.groups]]\nname = "g"\nhosts = ["a"]',
    '[fetch]\nmax_size = "10MB"\n[store]\nkeep = "1000 per feed"\n[schedule]\ntrust_unchanged = "forever"',
    '[[feeds]]\nurl = "http://a/"\n[feeds.headers]\nX-Key = { env = "K" }\nAccept = "a/b"',
]
WRONG = [
    "[fetch]\ntimeuot = '1s'",
    "[fetch]\ntimeout = 60",
    "[fetch]\ntimeout = '60 seconds'",
    "[fetch]\nper_host = 0",
    "[fetch]\nscope = 'hosts'",
    "[[feeds]]\nname = 'x'",
    "[[export]]\nname = 'a'\npath = 'b'\nkind = ['old']",
    "[web]\ntoken = { envv = 'X' }",
    "[export]\nname = 'a'",
    "[[command]]\nname = 'a'\nargv = []",
]


def test_the_shipped_schema_is_that_of_the_code() -> None:
    """`aggregator config schema > config/aggregator.schema.json` makes it anew."""
    assert SHIPPED.read_text(encoding="utf-8") == schema_text(CONFIG)
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_the_annotated_file_names_its_schema() -> None:
    """Taplo's convention; the file lies beside it."""
    assert CONFIG.read_text(encoding="utf-8").splitlines()[0] == f"#:schema ./{SHIPPED.name}"


@pytest.mark.parametrize("path", [CONFIG, ROOT / "config/feeds.toml"], ids=lambda path: path.name)
def test_the_shipped_configuration_is_as_the_schema_says(path: Path) -> None:
    jsonschema.validate(tomllib.loads(path.read_text(encoding="utf-8")), SCHEMA)


def test_every_key_that_the_annotated_file_shows_is_as_the_schema_says() -> None:
    jsonschema.validate(tomllib.loads(uncommented()), SCHEMA)


@pytest.mark.parametrize("text", RIGHT)
def test_what_is_right_is_accepted(text: str) -> None:
    jsonschema.validate(tomllib.loads(text), SCHEMA)


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_refused(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)


def test_every_key_has_a_type_and_those_of_tables_a_remark() -> None:
    def look(section: type[Section], table: dict[str, Any]) -> None:
        assert table["properties"].keys() == section.model_fields.keys()
        for name, field in section.model_fields.items():
            prop = table["properties"][name]
            assert prop.keys() & {"type", "anyOf", "enum", "$ref"}, name
            below = table_of(field.annotation)
            if below:
                look(below, SCHEMA["definitions"][below.__name__])

    look(Settings, SCHEMA)
    fetch = SCHEMA["definitions"]["FetchSettings"]["properties"]
    assert fetch["timeout"]["description"] == "The deadline of one whole exchange, redirects included."
    assert (fetch["timeout"]["default"], fetch["host_delay"]["default"]) == ("1m", "2s")
    assert "null" not in json.dumps(SCHEMA)
