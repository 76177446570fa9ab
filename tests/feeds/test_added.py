"""Feeds that are added over the API stand in a list of their own, and the configuration stays as it is."""

from pathlib import Path

import pytest

from aggregator.feeds import EditError, add_beside, load, remove, set_enabled
from aggregator.model import FeedConfig
from aggregator.settings import ConfigError

TEXT = '[store]\nurl = "sqlite:///state/store.sqlite"\n[[feeds]]\nurl = "https://one.example/"\n'
FEED = FeedConfig(url="https://two.example/feed", name='T"wo', tags=("a",))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "state").mkdir()
    (tmp_path / "config").mkdir()
    path = tmp_path / "config/aggregator.toml"
    path.write_text(TEXT.replace("state/", "../state/"), encoding="utf-8")
    path.chmod(0o444)
    path.parent.chmod(0o555)
    return path


def test_the_configuration_includes_what_was_added_although_it_cannot_be_written(path: Path) -> None:
    before = path.read_bytes()
    assert add_beside(path, FEED, {})
    assert add_beside(path, FeedConfig(url="feed:https://three.example/"), {})
    assert [feed.url for feed in load(path, {}).feeds] == [
        "https://one.example/",
        "https://two.example/feed",
        "https://three.example/",
    ]
    assert load(path, {}).feeds[1] == FEED
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == ["aggregator.toml"]
    assert (path.parents[1] / "state/store.sqlite.feeds.toml").read_text().startswith("# Feeds that were added")


@pytest.mark.parametrize("url", ["https://one.example/", "http://one.example", "https://two.example/feed"])
def test_what_is_configured_already_is_not_added(path: Path, url: str) -> None:
    """OP-04."""
    assert add_beside(path, FEED, {})
    assert not add_beside(path, FeedConfig(url=url), {})
    assert len(load(path, {}).feeds) == 2


def test_what_was_added_can_be_paused_and_removed_like_any_other(path: Path) -> None:
    add_beside(path, FEED, {})
    set_enabled(path, FEED.url, {}, enabled=False)
    assert [feed.enabled for feed in load(path, {}).feeds] == [True, False]
    remove(path, FEED.url, {})
    assert [feed.url for feed in load(path, {}).feeds] == ["https://one.example/"]


def test_a_list_that_the_configuration_names_too_counts_once(path: Path) -> None:
    add_beside(path, FEED, {})
    path.chmod(0o644)
    path.write_text('include = ["../state/store.sqlite.feeds.toml"]\n' + path.read_text(), encoding="utf-8")
    assert load(path, {}).notes == ()
    assert len(load(path, {}).feeds) == 2


def test_a_list_that_cannot_be_read_is_a_problem_with_its_name(path: Path) -> None:
    (path.parents[1] / "state/store.sqlite.feeds.toml").write_text("[[feeds]]\nurl = 1\n")
    with pytest.raises(ConfigError, match=r"store.sqlite.feeds.toml:2:7"):
        load(path, {})


def test_a_state_folder_that_cannot_be_written_is_said(path: Path) -> None:
    (path.parents[1] / "state").rmdir()
    with pytest.raises(EditError, match="cannot be written"):
        add_beside(path, FEED, {})
