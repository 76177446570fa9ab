"""The annotated configuration and its reference say what the code does."""

import re
import tomllib
from pathlib import Path

import pytest

from aggregator.settings import Settings, load
from aggregator.settings.models import FeedSettings
from aggregator.settings.section import table_of

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config/aggregator.toml"
REFERENCE = ROOT / "docs/reference/config.md"
WITHOUT_DEFAULT = {
    "store.password",
    *("web.token", "fetch.contact", "fetch.user_agent", "fetch.proxy", "export.name", "export.path"),
    *("export.rotate_size", "webhook.name", "webhook.url", "webhook.secret", "command.name", "command.argv"),
    *(f"rules.{key}" for key in ("name", "action", "feed", "title", "category", "author", "text", "find")),
    *("feeds.url", "feeds.name", "feeds.interval", "feeds.user_agent", "feeds.proxy", "feeds.auth", "feeds.content"),
    "enrich.topics",
    "telemetry.endpoint",
    "enrich.boilerplate",
    "enrich.llm",
    "schedule.budget",
}
REQUIRED: dict[str, dict[str, object]] = {
    "feeds": {"url": "http://example.org"},
    "export": {"name": "a", "path": "b"},
    "webhook": {"name": "a", "url": "http://example.org", "secret": "0123456789abcdef"},
    "command": {"name": "a", "argv": ["true"]},
    "rules": {"action": "keep"},
}
OUTPUTS = REQUIRED.keys() - {"feeds"}
UNLIKE_DEFAULT = {"store.url", "include"}  # so that a checkout keeps its data in var/, and has feeds
KEYS = sorted(
    f"{section}.{key}" if table else section
    for section, field in Settings.model_fields.items()
    for table in [table_of(field.annotation)]
    for key in (table.model_fields if table else [section])
)


def uncommented() -> str:
    return re.sub(r"^#(?=[a-z_]+ = |\[)", "", CONFIG.read_text(encoding="utf-8"), flags=re.MULTILINE)


def test_the_annotated_file_shows_every_key_once() -> None:
    shown, section = [], ""
    for line in uncommented().splitlines():
        section = f"{line.strip('[]')}." if line.startswith("[") else section
        shown += [section + key for key in re.findall(r"^([a-z_]+) = ", line)]
    once = [key for key in shown if not key.startswith("rules.")]  # of which each action has its own
    assert sorted({*once, *shown}) == KEYS
    assert len(once) == len(set(once))


def test_what_the_annotated_file_comments_out_are_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_text(uncommented(), encoding="utf-8")
    (tmp_path / "empty.toml").touch()
    for name in ("topics.toml", "boilerplate.toml"):
        (tmp_path / name).write_bytes((ROOT / "config" / name).read_bytes())
    written = load(tmp_path / "aggregator.toml", {}).model_dump()
    default = load(tmp_path / "empty.toml", {}).model_dump()
    default["feeds"] = [FeedSettings(url="http://example.org").model_dump()]
    written["feeds"] = list(written["feeds"])
    differing = {
        key
        for key in KEYS
        for section, _, name in [key.partition(".")]
        if section not in REQUIRED.keys() - {"feeds"}
        and _value(written, section, name) != _value(default, section, name)
    }
    assert differing <= WITHOUT_DEFAULT | UNLIKE_DEFAULT


def _value(settings: dict[str, object], section: str, name: str) -> object:
    table = settings[section]
    table = table[0] if section == "feeds" and isinstance(table, list) else table
    return table[name] if name and isinstance(table, dict) else table


def test_the_annotated_file_loads_as_it_is() -> None:
    settings = load(CONFIG, {})
    assert settings.store.url == f"sqlite:///{ROOT.resolve()}/var/aggregator.sqlite"
    assert (settings.export, settings.webhook, settings.command) == ((), (), ())


@pytest.mark.parametrize("key", KEYS)
def test_the_reference_has_every_key_with_its_default(key: str) -> None:
    section, _, name = key.rpartition(".")
    heading = r"## Top level" if not section else rf"## `\[+{section}\]+`"
    part = re.search(rf"^{heading}$(.*?)(?=^## |\Z)", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    assert part, heading
    row = re.search(rf"^\| `{name}` \| [^|]+ \| (?:`([^|]+)`|(none|required)) \| [^|]+ \|$", part[1], re.MULTILINE)
    assert row, key
    if row[1]:
        _assert_default(section, name, tomllib.loads(f"value = {row[1]}")["value"])
    else:
        assert key in WITHOUT_DEFAULT


def _assert_default(section: str, name: str, value: object) -> None:
    table = table_of(Settings.model_fields[section].annotation) if section else Settings
    assert table
    required = REQUIRED.get(section, {})
    if section == "rules":
        assert table.model_fields[name].default == (tuple(value) if isinstance(value, list) else value)
        return
    stated = table.model_validate({**required, name: value})
    assert getattr(stated, name) == getattr(table.model_validate(required), name)
