"""What the operator wants sent for one feed, and where its secrets come from (HT-16, SS-17)."""

from pathlib import Path

import pytest

from aggregator.feeds import load
from aggregator.model import RequestOptions
from aggregator.settings import ConfigError

_FEED = '[[feeds]]\nurl = "https://a.example/feed"\n'


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder / "aggregator.toml"


def test_secrets_come_from_the_environment_and_from_files(tmp_path: Path) -> None:
    """HT-16: in included lists as well, whose files lie beside them; white space at the ends is none of theirs."""
    lists = tmp_path / "lists"
    lists.mkdir()
    written(
        lists,
        token_txt=" t0ken\n",
        more_toml=_FEED + 'headers = {X-Token = {file = "token.txt"}, X-Plain = "p"}\nproxy = {env = "PROXY"}',
    )
    path = written(
        tmp_path,
        aggregator_toml='include = ["lists/more.toml"]\n[[feeds]]\nurl = "https://b.example/feed"\n'
        'user_agent = "mine/1"\nauth = {user = "me", password = {env = "PASSWORD"}}\n'
        '[[feeds]]\nurl = "https://c.example/feed"\n',
    )
    environ = {"PASSWORD": "pä:ss", "PROXY": "http://me:pw@proxy.example:3128"}
    plain, none, listed = (
        feed.options for feed in sorted(load(path, environ).feeds, key=lambda feed: "bca".index(feed.url[8]))
    )
    assert plain == RequestOptions(user_agent="mine/1", credentials=("me", "pä:ss"))
    assert none is None
    assert listed == RequestOptions(
        headers=(("X-Token", "t0ken"), ("X-Plain", "p")), proxy="http://me:pw@proxy.example:3128"
    )


def test_no_representation_shows_a_secret(tmp_path: Path) -> None:
    """HT-16: of the settings, of the feeds."""
    options = (
        'headers = {X-Token = "t0ken"}\nproxy = "http://me:s3cret@p.example"\nauth = {user = "u", password = "hush"}\n'
    )
    path = written(tmp_path, aggregator_toml=f'[fetch]\nproxy = "http://me:s3cret@p.example"\n{_FEED}{options}')
    shown = repr(load(path, {}))
    assert not any(secret in shown for secret in ("t0ken", "s3cret", "hush"))


@pytest.mark.parametrize(
    "options",
    [
        'headers = "t0ken"',
        'headers = {X-Token = ["t0ken"]}',
        'headers = {X-Token = "t0ken\\u0000"}',
        'headers = {X-Token = {env = "A", file = "t0ken"}}',
        'auth = ["t0ken"]',
        'auth = {user = "t0ken"}',
        'auth = {user = "a", password = "b", other = "t0ken"}',
        'proxy = "t0ken"',
        'proxy = "http://t0ken@/"',
    ],
)
def test_no_problem_repeats_a_secret(tmp_path: Path, options: str) -> None:
    """HT-16: the place is enough."""
    with pytest.raises(ConfigError) as caught:
        load(written(tmp_path, aggregator_toml=_FEED + options), {})
    assert "t0ken" not in str(caught.value)
    assert [problem.line for problem in caught.value.problems] == [3]


@pytest.mark.parametrize(
    "name",
    ["Host", "content-length", "Connection", "Transfer-Encoding", "Range", "If-None-Match", "User-Agent", "Referer"],
)
def test_headers_of_the_program_cannot_be_set(tmp_path: Path, name: str) -> None:
    """SS-17, HT-05, CR-02: nor can a name that is none."""
    for header in (name, '"a b"', '"X:"', '""'):
        with pytest.raises(ConfigError):
            load(written(tmp_path, aggregator_toml=f'{_FEED}headers = {{{header} = "x"}}'), {})


def test_the_program_does_not_ask_itself_in_anybodys_name(tmp_path: Path) -> None:
    """SS-17: a header such as Remote-User would be believed there."""
    text = '[site]\nbase_url = "https://A.example:443/news"\n' + _FEED
    assert len(load(written(tmp_path, aggregator_toml=text), {}).feeds) == 1
    with pytest.raises(ConfigError, match=r":4:7: a feed of this aggregator's own site"):
        load(written(tmp_path, aggregator_toml=f'{text}headers = {{Remote-User = "admin"}}'), {})
