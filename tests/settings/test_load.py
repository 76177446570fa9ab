"""What a configuration file means."""

from base64 import b64decode
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from aggregator.settings import ConfigError, Settings, load


def written(folder: Path, text: str) -> Path:
    path = folder / "aggregator.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_empty_file_runs_with_every_default(tmp_path: Path) -> None:
    """SC-01, and the limits of section T."""
    settings = load(written(tmp_path, ""), {})
    assert settings.site.base_url == "http://localhost:8077"
    assert settings.store.keep is None
    assert settings.fetch.timeout == timedelta(seconds=60)
    assert settings.fetch.max_size == 10_000_000
    assert (settings.fetch.concurrency, settings.fetch.per_host) == (32, 1)
    assert settings.fetch.host_delay == timedelta(seconds=2)
    assert settings.fetch.allow_networks == ()
    assert settings.schedule.min == settings.schedule.default == timedelta(hours=1)
    assert settings.schedule.max == timedelta(hours=24)
    assert settings.enrich.enabled == ("language", "summary", "topics", "entities", "near-duplicates")
    assert (settings.feeds, settings.export, settings.include) == ((), (), ())


def test_every_key_is_read(tmp_path: Path) -> None:
    text = """
        include = ["more.opml"]
        site.base_url = "https://news.example/x/"
        web = {listen = "[::1]:80", token = "0123456789abcdef", rate = 5, listeners = 9}
        websub = {enabled = true, hubs = ["https://hub.example/"]}
        store = {url = "postgresql://me@db/news", password = "p/w", keep = "365d", raw = "changed", raw_keep = "7d"}
        [fetch]
        contact = "mailto:me@example.org"
        timeout = "5s"
        max_size = "1MiB"
        concurrency = 2
        per_host = 3
        host_delay = "0s"
        scope = "domain"
        groups = [{name = "reddit", hosts = ["reddit.com", "*.Reddit.com"], per_host = 2, host_delay = "1m"}]
        user_agent = "mine/1"
        proxy = "http://proxy.example:3128"
        allow_networks = ["127.0.0.0/8", "fd00::/8"]
        [schedule]
        min = "1s"
        default = "1m"
        max = "1h"
        trust_unchanged = "30d"
        budget = "12000/d"
        freshness = {news = "10m"}
        fill_gaps = true
        [enrich]
        enabled = []
        stories = true
        again = false
        spacy = "off"
        [telemetry]
        endpoint = "http://127.0.0.1:4318"
        [[feeds]]
        url = "feed://example.org/#top"
        name = "Example"
        tags = ["a"]
        interval = "5m"
        enabled = false
        headers = {X-Token = "t"}
        user_agent = "other/1"
        proxy = "http://other.example"
        auth = {user = "me", password = "pw"}
        full_text = true
        content = "article .body"
        remove = ["aside"]
        [[export]]
        name = "all"
        path = "out/%Y.jsonl.gz"
        rotate_size = "1MB"
        changes = true
        feed = ["Example"]
        tag = ["a"]
        topic = ["news"]
        lang = ["en"]
        kind = ["new", "gap"]
        [[webhook]]
        name = "chat"
        url = "https://chat.example/x"
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        start = "beginning"
        timeout = "1s"
        retry_for = "1d"
        tag = ["a"]
        [[command]]
        name = "index"
        argv = ["./index", "-q"]
        timeout = "2s"
    """
    settings = load(written(tmp_path, text), {})
    assert settings.model_dump() == {
        "include": (tmp_path / "more.opml",),
        "site": {"base_url": "https://news.example/x"},
        "web": {"listen": "[::1]:80", "token": "0123456789abcdef", "rate": 5, "listeners": 9},
        "websub": {"enabled": True, "hubs": ("https://hub.example/",)},
        "store": {
            "password": "p/w",
            "url": "postgresql://me:p%2Fw@db/news",
            "keep": timedelta(days=365),
            "raw": "changed",
            "raw_keep": timedelta(days=7),
        },
        "fetch": {
            "contact": "mailto:me@example.org",
            "timeout": timedelta(seconds=5),
            "max_size": 2**20,
            "concurrency": 2,
            "per_host": 3,
            "host_delay": timedelta(0),
            "scope": "domain",
            "groups": (
                {
                    "name": "reddit",
                    "hosts": ("reddit.com", "*.reddit.com"),
                    "per_host": 2,
                    "host_delay": timedelta(minutes=1),
                    "shared_verdict": True,
                },
            ),
            "user_agent": "mine/1",
            "proxy": "http://proxy.example:3128",
            "allow_networks": (ip_network("127.0.0.0/8"), ip_network("fd00::/8")),
        },
        "schedule": {
            "min": timedelta(seconds=1),
            "default": timedelta(minutes=1),
            "max": timedelta(hours=1),
            "trust_unchanged": timedelta(days=30),
            "budget": 500,
            "freshness": {"news": timedelta(minutes=10)},
            "fill_gaps": True,
        },
        "enrich": {
            "enabled": (),
            "topics": None,
            "boilerplate": None,
            "custom": (),
            "llm": None,
            "stories": True,
            "again": False,
            "spacy": (),
        },
        "telemetry": {"endpoint": "http://127.0.0.1:4318"},
        "feeds": (
            {
                "url": "http://example.org/",
                "name": "Example",
                "tags": ("a",),
                "interval": timedelta(minutes=5),
                "enabled": False,
                "headers": {"X-Token": "t"},
                "user_agent": "other/1",
                "proxy": "http://other.example",
                "auth": {"user": "me", "password": "pw"},
                "full_text": True,
                "content": "article .body",
                "remove": ("aside",),
            },
        ),
        "export": (
            {
                "name": "all",
                "path": f"{tmp_path}/out/%Y.jsonl.gz",
                "rotate_size": 1_000_000,
                "changes": True,
                "feed": ("Example",),
                "tag": ("a",),
                "topic": ("news",),
                "lang": ("en",),
                "kind": ("new", "gap"),
            },
        ),
        "webhook": (
            {
                "name": "chat",
                "url": "https://chat.example/x",
                "secret": b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                "start": "beginning",
                "timeout": timedelta(seconds=1),
                "retry_for": timedelta(days=1),
                "feed": (),
                "tag": ("a",),
                "topic": (),
                "lang": (),
                "kind": (),
            },
        ),
        "command": (
            {
                "name": "index",
                "argv": (f"{tmp_path}/index", "-q"),
                "start": "now",
                "timeout": timedelta(seconds=2),
                "retry_for": timedelta(days=3),
                "feed": (),
                "tag": (),
                "topic": (),
                "lang": (),
                "kind": (),
            },
        ),
        "rules": (),
    }


def test_relative_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "50% off" / "config"
    folder.mkdir(parents=True)
    exports = '[[export]]\nname = "a"\npath = "../%Y.jsonl"\n[[export]]\nname = "b"\npath = "/%d"'
    text = f'include = ["../feeds.toml"]\n{exports}'
    written(folder, text)
    monkeypatch.chdir(folder.parent)
    settings = load(Path("config/aggregator.toml"), {})
    assert settings.path == Path("config/aggregator.toml")
    assert settings.store.url == f"sqlite:///{folder}/aggregator.sqlite"
    assert settings.include == (tmp_path / "50% off/feeds.toml",)
    assert [export.path for export in settings.export] == [f"{tmp_path}/50%% off/%Y.jsonl", "/%d"]


def test_a_store_may_have_an_absolute_path(tmp_path: Path) -> None:
    settings = load(written(tmp_path, '[store]\nurl = "sqlite:////srv/x.sqlite"'), {})
    assert settings.store.url == "sqlite:////srv/x.sqlite"


def test_a_missing_file_is_one_problem(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "none.toml", {})
    assert [str(problem) for problem in caught.value.problems] == [
        f"{tmp_path}/none.toml: cannot be read: No such file or directory"
    ]


def test_a_byte_order_mark_is_no_matter(tmp_path: Path) -> None:
    path = tmp_path / "aggregator.toml"
    path.write_bytes('\ufeff[fetch]\r\ntimeout = "5s"\r\n'.encode())
    assert load(path, {}).fetch.timeout == timedelta(seconds=5)


def test_settings_made_by_hand_equal_those_read(tmp_path: Path) -> None:
    read = load(written(tmp_path, '[fetch]\ntimeout = "5s"'), {})
    made = Settings.model_validate({"fetch": {"timeout": timedelta(seconds=5)}})
    assert made.fetch == read.fetch
    assert made.store.url == "sqlite:///aggregator.sqlite"


def test_settings_do_not_change(tmp_path: Path) -> None:
    settings = load(written(tmp_path, ""), {})
    with pytest.raises(ValueError, match="frozen"):
        settings.fetch.timeout = timedelta(0)  # type: ignore[misc]
