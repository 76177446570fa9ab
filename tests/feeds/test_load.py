"""One call reads settings and feeds, and shows every problem of every file."""

import time
from pathlib import Path

import pytest

from aggregator.feeds import load
from aggregator.model import FeedConfig
from aggregator.settings import ConfigError


def written(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "aggregator.toml"


def problems(path: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(path, environ or {})
    return [str(problem).replace(f"{path.parent}/", "") for problem in caught.value.problems]


def test_feeds_of_all_files_come_in_order(tmp_path: Path) -> None:
    files = {
        "aggregator.toml": 'include = ["lists/a.toml", "b.opml", "c.txt"]\n[[feeds]]\nurl = "http://one.example/"',
        "lists/a.toml": '[[feeds]]\nurl = "http://two.example/"\nenabled = false\ninterval = "5m"',
        "b.opml": '<opml><outline text="Science"><outline text="Three" xmlUrl="http://three.example/"/></outline></opml>',
        "c.txt": "# mine\nhttp://four.example/ The fourth # of five\n",
    }
    configuration = load(written(tmp_path, files), {})
    assert [feed.url for feed in configuration.feeds] == [
        f"http://{name}.example/" for name in ("one", "two", "three", "four")
    ]
    assert not configuration.feeds[1].enabled
    assert configuration.feeds[2] == FeedConfig(url="http://three.example/", name="Three", tags=("Science",))
    assert configuration.feeds[3].name == "The fourth"
    assert configuration.notes == ()


def test_problems_of_included_files_join_the_others(tmp_path: Path) -> None:
    lists = 'include = ["a.toml", "none.txt", "d.opml", "e.toml"]'
    files = {
        "aggregator.toml": f'{lists}\n[fetch]\ntimeot = "5s"\n[[feeds]]\nurl = 5',
        "a.toml": '[[feeds]]\nurl = "http://a/"\n[[feeds]]\nurl = "http://b/"\n[[feeds]]\nurl = "x"\ntags = 1',
        "d.opml": "<?xml version='1.0'?>\n<!DOCTYPE opml [<!ENTITY a 'b'>]><opml/>",
        "e.toml": "[fetch]\n[[feeds]]\nurl = 'http://c.example/'\nnmae = 'x'\n",
    }
    assert problems(written(tmp_path, files), {"AGGREGATOR__FETCH__PER_HOST": "0"}) == [
        (
            'aggregator.toml:3:1: unknown key "fetch.timeot"; did you mean "timeout"? '
            "(expected one of allow_networks, concurrency, contact, groups, host_delay, max_size, per_host, proxy, "
            "scope, timeout, user_agent)"
        ),
        "aggregator.toml:5:7: feeds.url: expected a feed URL (http or https), got 5",
        "AGGREGATOR__FETCH__PER_HOST: fetch.per_host: expected at least 1, got 0",
        'a.toml:6:7: feeds.url: expected a feed URL (http or https, with a host), got "x"',
        "a.toml:7:8: feeds.tags: expected a list, got 1",
        "aggregator.toml:1:22: include: none.txt cannot be read: No such file or directory",
        "d.opml:2: a DOCTYPE or ENTITY is not accepted",
        'e.toml:1:2: unknown table "fetch" (expected one of feeds)',
        (
            'e.toml:4:1: unknown key "feeds.nmae"; did you mean "name"? '
            "(expected one of auth, content, enabled, full_text, headers, interval, name, proxy, remove, tags, url,"
            " user_agent)"
        ),
    ]


def test_a_feed_named_again_is_left_out_with_a_note(tmp_path: Path) -> None:
    """OP-04."""
    files = {
        "aggregator.toml": 'include = ["a.toml", "b.txt"]\n[[feeds]]\nurl = "http://me:pw@a.example/f/"\nname = "A"',
        "a.toml": '[[feeds]]\nname = "B"\nurl = "https://me:pw@A.example:443/f"',
        "b.txt": "\nhttp://a.example/feed\nfeed:http://a.example/feed#x\nhttp://a.example:8080/feed\nhttp://a.example/feed?x\n",
    }
    configuration = load(written(tmp_path, files), {})
    assert [feed.url for feed in configuration.feeds] == [
        "http://me:pw@a.example/f/",
        "http://a.example/feed",
        "http://a.example:8080/feed",
        "http://a.example/feed?x",
    ]
    assert [str(note).replace(f"{tmp_path}/", "") for note in configuration.notes] == [
        (
            "a.toml:3:7: left out: https://***@A.example:443/f is http://***@a.example/f/, which is named at"
            " aggregator.toml:3:7"
        ),
        "b.txt:3: left out: http://a.example/feed is named already at b.txt:2",
    ]


def test_rows_of_lists_that_are_no_feeds_are_left_out_with_a_note(tmp_path: Path) -> None:
    """OP-03."""
    rows = (
        "file:///etc/passwd",
        "javascript:alert(1)",
        "| rm -rf /",
        "http://10.0.0.1/x",
        "http://[::1]/",
        "http://localhost:1/",
    )
    files = {
        "aggregator.toml": 'include = ["a.txt"]\n[[feeds]]\nurl = "http://10.0.0.1/of-my-own"',
        "a.txt": "\n".join((*rows, "http://127.0.0.9/", "http://good.example/")),
    }
    path = written(tmp_path, files)
    strict, open_ = load(path, {}), load(path, {"AGGREGATOR__FETCH__ALLOW_NETWORKS": '["127.0.0.0/8"]'})
    assert [feed.url for feed in strict.feeds] == ["http://10.0.0.1/of-my-own", "http://good.example/"]
    assert [note.line for note in strict.notes] == [1, 2, 3, 4, 5, 6, 7]
    assert [feed.url for feed in open_.feeds][1:] == [
        "http://localhost:1/",
        "http://127.0.0.9/",
        "http://good.example/",
    ]


def test_a_list_of_more_than_ten_megabytes_is_refused(tmp_path: Path) -> None:
    """OP-01."""
    path = written(tmp_path, {"aggregator.toml": 'include = ["a.opml"]', "a.opml": "<opml>" + " " * 10_000_000})
    assert problems(path) == ["a.opml: expected a list of at most 10000000 bytes"]


def test_feeds_of_the_environment_are_feeds(tmp_path: Path) -> None:
    path = written(tmp_path, {"aggregator.toml": ""})
    environ = {"AGGREGATOR__FEEDS": '[{"url": "http://a.example/"}, {"url": "https://a.example/"}]'}
    configuration = load(path, environ)
    assert [feed.url for feed in configuration.feeds] == ["http://a.example/"]
    assert [note.file for note in configuration.notes] == ["AGGREGATOR__FEEDS"]


def test_ten_thousand_feeds_are_read_in_a_moment(tmp_path: Path) -> None:
    table = '[[feeds]]\nurl = "https://h{}.example/feed.xml"\nname = "Feed"\ntags = ["a", "b"]\ninterval = "90m"\n\n'
    path = written(tmp_path, {"aggregator.toml": "".join(table.format(number) for number in range(10_000))})
    started = time.process_time()
    assert len(load(path, {}).feeds) == 10_000
    assert time.process_time() - started < 2  # 0.4 s where this was written


def test_the_feeds_that_come_with_the_program_are_feeds() -> None:
    configuration = load(Path(__file__).parents[2] / "config/aggregator.toml", {})
    assert len(configuration.feeds) > 20
    assert all(feed.enabled and feed.name and feed.url.startswith("https://") for feed in configuration.feeds)
    tags = {tag for feed in configuration.feeds for tag in feed.tags}
    assert tags >= {"en", "de", "fr", "es", "pt", "ja", "zh", "ru", "ar", "hi"}
    assert configuration.notes == ()
