"""What has changed between two readings of the settings."""

import json
from pathlib import Path

from aggregator.settings import Settings, load
from aggregator.settings.difference import described, differences, told_of

BEFORE = """
[store]
url = "sqlite:///a.sqlite"
[web]
token = "first-secret-of-them"
[fetch]
timeout = "60s"
proxy = "http://me:word@proxy.example:3128"
[schedule]
freshness = { news = "10m" }
[[export]]
name = "plain"
path = "records.jsonl"
[[webhook]]
name = "chat"
url = "https://chat.example/hook/token-in-the-path"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
[[rules]]
action = "drop"
title = { regex = "^Ad" }
"""
AFTER = """
[store]
url = "sqlite:///a.sqlite"
keep = "30d"
[web]
token = "other-secret-of-them"
listen = "127.0.0.1:9000"
[fetch]
timeout = "90s"
[schedule]
freshness = { news = "20m" }
[[export]]
name = "plain"
path = "records.jsonl"
rotate_size = "1MB"
[[export]]
name = "more"
path = "more.jsonl"
[[webhook]]
name = "chat"
url = "https://chat.example/hook/another-token"
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
[[rules]]
action = "drop"
title = "Ad"
"""


def settings(folder: Path, text: str) -> Settings:
    path = folder / "aggregator.toml"
    path.write_text(text)
    return load(path, {})


def test_every_key_is_told_with_both_values_and_whether_it_waits(tmp_path: Path) -> None:
    before, after = settings(tmp_path, BEFORE), settings(tmp_path, AFTER)
    found = differences(json.loads(json.dumps(described(before))), described(after))
    assert [str(each).replace(str(tmp_path), "") for each in found] == [
        'web.listen: "127.0.0.1:8077" -> "127.0.0.1:9000"',
        'store.keep: "forever" -> "30d"',
        'fetch.timeout: "1m" -> "1m30s"',
        'fetch.proxy: "***" -> not set',
        'schedule.freshness.news: "10m" -> "20m"',
        "export.plain.rotate_size: not set -> 1000000",
        'export.more: not set -> {"name": "more", "path": "/more.jsonl", "changes": false}',
        'rules.1.title: {"regex": "^Ad"} -> "Ad"',
    ]
    assert [each.key for each in found if each.needs_restart] == ["web.listen"]
    assert not differences(described(after), described(after))


def test_a_secret_that_changed_is_named_and_never_shown(tmp_path: Path) -> None:
    before, after = settings(tmp_path, BEFORE), settings(tmp_path, AFTER)
    told = told_of(before, after)
    assert [line for line in told if line.endswith(" changed")] == ["web.token changed", "webhook.chat.url changed"]
    for text in ("secret-of-them", "me:word", "token-in-the-path", "another-token", "MfKQ9"):
        assert text not in json.dumps([told, described(before), described(after)])
