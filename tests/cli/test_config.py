"""`aggregator config show`: which settings count, and why; no secret among them."""

import json
import os
import subprocess
import tomllib
from pathlib import Path
from typing import Any

from tests.e2e.project import COMMAND, Project

WRITTEN = """
[[webhook]]
name = "chat"
url = "https://hooks.example/hidden-1"
secret = "hidden-2-and-long-enough"
timeout = "90s"
[enrich.llm]
base_url = "http://me:hidden-3@llm.example/v1"
model = "m"
api_key = "hidden-4"
[[rules]]
action = "drop"
title = { regex = "a|b" }
"""


def shown(project: Project, *words: str, **environ: str) -> str:
    done = subprocess.run(
        [*COMMAND, "config", "show", *words, "-c", str(project.config)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={**os.environ, **environ},
    )
    return done.stdout


def test_every_setting_is_shown_with_its_origin_and_no_secret(tmp_path: Path) -> None:
    project = Project(tmp_path, ["http://a.example/"], WRITTEN.replace("me:hidden-3@", ""))
    told = {each["key"]: each for each in json.loads(shown(project, "--format", "json", AGGREGATOR__WEB__RATE="7"))}
    line = project.config.read_text().splitlines().index('timeout = "90s"') + 1
    assert told["webhook.timeout"] == {
        "key": "webhook.timeout",
        "value": "1m30s",
        "origin": f"{project.config}:{line}",
    }
    assert told["web.rate"] == {"key": "web.rate", "value": 7, "origin": "AGGREGATOR__WEB__RATE"}
    assert told["fetch.max_size"] == {"key": "fetch.max_size", "value": 10_000_000, "origin": "default"}
    assert told["store.url"]["value"] == f"sqlite:///{tmp_path}/store.sqlite"
    assert {told[key]["value"] for key in ("webhook.url", "webhook.secret", "enrich.llm.api_key")} == {"***"}
    assert (told["web.token"]["value"], told["store.keep"]["value"]) == (None, "forever")


def test_what_is_shown_is_toml_without_secrets(tmp_path: Path) -> None:
    project = Project(tmp_path, ["http://a.example/"], WRITTEN.replace("me:hidden-3@", ""))
    text = shown(project)
    assert "hidden" not in text
    read: dict[str, Any] = tomllib.loads(text)
    assert read["rules"][0]["title"] == {"regex": "a|b"}
    assert read["webhook"][0]["name"] == "chat"
    assert read["fetch"]["timeout"] == "10s"
    assert "# 1 feed:" in text
