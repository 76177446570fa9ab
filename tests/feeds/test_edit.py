"""Feeds are added, removed and paused in the file where they stand, and nothing else in it changes."""

import stat
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.feeds import EditError, add, load, remove, set_enabled
from aggregator.feeds.splice import appended, switched, without
from aggregator.model import FeedConfig
from aggregator.settings import ConfigError

TEXT = """# My feeds.
include = ["more.toml", "theirs.opml"]  # and more

[fetch]
timeout = "5s"

# News

[[feeds]]  # the best
url = "https://me:pw@one.example/feed"  # of all
# A note on its name.
name = '''One
more'''

# Technology
[[feeds]]
  enabled = true  # for now
  url = "http://two.example/"

# The end.
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "more.toml").write_text('[[feeds]]\nurl = "http://more.example/"', encoding="utf-8")
    (tmp_path / "theirs.opml").write_text('<opml>\n<outline xmlUrl="http://theirs.example/"/></opml>', encoding="utf-8")
    (tmp_path / "aggregator.toml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "aggregator.toml"


def text(path: Path) -> str:
    return path.read_bytes().decode()


def test_a_feed_is_added_at_the_end(path: Path) -> None:
    feed = FeedConfig(
        url="feed:https://three.example/#top",
        name='Thr"ee \x7f',
        tags=("a", "b"),
        interval=timedelta(minutes=90),
        enabled=False,
    )
    add(path, feed, {})
    assert text(path).removeprefix(TEXT) == (
        '\n[[feeds]]\nurl = "https://three.example/"\nname = "Thr\\"ee \\u007f"\ntags = ["a", "b"]\n'
        'interval = "1h30m"\nenabled = false\n'
    )
    assert load(path, {}).feeds[2] == FeedConfig(
        url="https://three.example/", name=feed.name, tags=feed.tags, interval=feed.interval, enabled=False
    )


def test_what_is_by_default_is_not_written(path: Path) -> None:
    add(path, FeedConfig(url="http://three.example/"), {})
    assert text(path) == TEXT + '\n[[feeds]]\nurl = "http://three.example/"\n'


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://me:pw@one.example/feed", "aggregator.toml:10:7"),
        ("http://me:pw@one.example/feed/", "aggregator.toml:10:7"),
        ("http://more.example/", "more.toml:2:7"),
        ("https://theirs.example", "theirs.opml:2"),
    ],
)
def test_a_feed_is_not_added_twice(url: str, place: str, path: Path) -> None:
    """OP-04."""
    with pytest.raises(EditError, match=f"{place}: http.* is configured here already") as caught:
        add(path, FeedConfig(url=url), {})
    assert "pw" not in str(caught.value)
    assert text(path) == TEXT


def test_a_feed_is_removed_and_the_comments_around_it_stay(path: Path) -> None:
    remove(path, "https://me:pw@one.example/feed", {})
    assert text(path) == TEXT[: TEXT.index("[[feeds]]")] + TEXT[TEXT.index("# Technology") :]
    remove(path, "http://two.example/", {})
    assert text(path).endswith("# News\n\n# Technology\n\n# The end.\n")
    assert [feed.url for feed in load(path, {}).feeds] == ["http://more.example/", "http://theirs.example/"]


def test_a_feed_is_removed_from_the_included_file_that_names_it(path: Path) -> None:
    remove(path, "http://more.example/", {})
    assert text(path) == TEXT
    assert text(path.parent / "more.toml") == ""


def test_a_feed_that_two_toml_files_name_is_removed_from_both(path: Path) -> None:
    more = path.parent / "more.toml"
    more.write_text('[[feeds]]\nurl = "http://two.example/"\n' * 2 + '[[feeds]]\nurl = "http://x.example/"\n')
    remove(path, "http://two.example/", {})
    assert text(more) == '[[feeds]]\nurl = "http://x.example/"\n'
    assert "http://two.example/" not in [feed.url for feed in load(path, {}).feeds]


def test_a_feed_is_paused_and_resumed(path: Path) -> None:
    set_enabled(path, "https://me:pw@one.example/feed", {}, enabled=False)
    set_enabled(path, "http://two.example/", {}, enabled=False)
    set_enabled(path, "http://more.example/", {}, enabled=False)
    paused = TEXT.replace("# of all\n", "# of all\nenabled = false\n").replace("= true  # for", "= false  # for")
    assert text(path) == paused
    assert text(path.parent / "more.toml") == '[[feeds]]\nurl = "http://more.example/"\nenabled = false\n'
    assert [feed.enabled for feed in load(path, {}).feeds] == [False, False, False, True]
    set_enabled(path, "http://two.example/", {}, enabled=True)
    assert text(path) == paused.replace("= false  # for", "= true  # for")


def test_what_is_so_already_is_not_written(path: Path) -> None:
    before = path.stat()
    set_enabled(path, "http://two.example/", {}, enabled=True)
    after = path.stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


@pytest.mark.parametrize("url", ["http://theirs.example/", "http://none.example/", "https://two.example", "ftp://x/"])
def test_what_cannot_be_changed_says_why(url: str, path: Path) -> None:
    reason = {
        "http://theirs.example/": r"theirs.opml:2: http://theirs.example/ stands here, which is not edited: ",
        "http://none.example/": "http://none.example/ is not configured; `aggregator feeds list` shows what is$",
        "https://two.example": r"https://two.example is not configured; did you mean http://two.example/\?",
        "ftp://x/": "expected a feed URL",
    }[url]
    with pytest.raises(EditError, match=reason):
        remove(path, url, {})
    with pytest.raises(EditError, match=reason):
        set_enabled(path, url, {}, enabled=False)
    assert text(path) == TEXT


def test_an_inline_array_is_left_to_its_author(path: Path) -> None:
    path.write_text('feeds = [{url = "http://a.example/"}]\n', encoding="utf-8")
    reason = r"not written as \[\[feeds\]\] tables; edit it by hand"
    with pytest.raises(EditError, match=reason):
        add(path, FeedConfig(url="http://b.example/"), {})
    with pytest.raises(EditError, match=reason):
        remove(path, "http://a.example/", {})
    with pytest.raises(EditError, match=reason):
        set_enabled(path, "http://a.example/", {}, enabled=False)


def test_feeds_of_the_environment_are_not_edited(path: Path) -> None:
    environ = {"AGGREGATOR__FEEDS": '[{"url": "http://env.example/"}]'}
    with pytest.raises(EditError, match=r"AGGREGATOR__FEEDS: http://env\.example/ stands here"):
        remove(path, "http://env.example/", environ)


def test_a_configuration_with_problems_is_not_edited(path: Path) -> None:
    path.write_text("[fetch]\ntimeout = 5\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        add(path, FeedConfig(url="http://a.example/"), {})
    with pytest.raises(ConfigError):
        add(path.parent / "none.toml", FeedConfig(url="http://a.example/"), {})
    with pytest.raises(EditError):
        add(path.parent / "none/none.toml", FeedConfig(url="http://a.example/"), {})


def test_line_ends_mode_and_links_stay(path: Path) -> None:
    real = path.parent / "elsewhere" / "real.toml"
    real.parent.mkdir()
    real.write_bytes(('\ufeff[[feeds]]\r\nurl = "http://a.example/"').encode())
    real.chmod(0o640)
    path.unlink()
    path.symlink_to(real)
    add(path, FeedConfig(url="http://b.example/", name="B"), {})
    set_enabled(path, "http://a.example/", {}, enabled=False)
    assert path.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert text(real) == (
        '\ufeff[[feeds]]\r\nurl = "http://a.example/"\r\nenabled = false\r\n\r\n'
        '[[feeds]]\r\nurl = "http://b.example/"\r\nname = "B"\r\n'
    )
    assert list(real.parent.iterdir()) == [real]


def test_edits_at_the_same_time_are_all_kept(path: Path) -> None:
    urls = [f"http://n{number}.example/" for number in range(20)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda url: add(path, FeedConfig(url=url), {}), urls))
    assert {feed.url for feed in load(path, {}).feeds} >= set(urls)


BLANKS = st.sampled_from(["", "\n", "# note\n", "\n# [[feeds]]\n\n"])


@given(st.lists(st.tuples(BLANKS, st.booleans(), BLANKS), min_size=1, max_size=5), st.data())
def test_a_change_keeps_every_other_feed_and_comment(parts: list[tuple[str, bool, str]], data: st.DataObject) -> None:
    before = "".join(
        f'{above}[[feeds]]\nurl = "http://{number}/"\n{"enabled = true" if switch else ""}\n{below}'
        for number, (above, switch, below) in enumerate(parts)
    )
    at = data.draw(st.integers(0, len(parts) - 1))
    feeds = tomllib.loads(before)["feeds"]
    gone = without(before, at)
    assert tomllib.loads(gone).get("feeds", []) == feeds[:at] + feeds[at + 1 :]
    assert gone.count("#") == before.count("#")
    paused = switched(before, at, enabled=False)
    assert tomllib.loads(paused)["feeds"] == [*feeds[:at], {**feeds[at], "enabled": False}, *feeds[at + 1 :]]
    assert paused.count("#") == before.count("#")
    assert tomllib.loads(appended(before, [FeedConfig(url="http://new/")]))["feeds"] == [*feeds, {"url": "http://new/"}]
