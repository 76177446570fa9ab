"""Full text in ``[[feeds]]``."""

from pathlib import Path

import pytest

from aggregator.feeds import load
from aggregator.model import FullText
from aggregator.settings import ConfigError


def written(folder: Path, text: str) -> Path:
    path = folder / "aggregator.toml"
    path.write_text(f'[[feeds]]\nurl = "https://x.example/feed"\n{text}\n')
    return path


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", None),
        ("full_text = true", FullText()),
        ('content = "article > .body"', FullText(content="article > .body")),
        ('remove = [".ad", "aside"]', FullText(remove=(".ad", "aside"))),
    ],
)
def test_a_rule_about_pages_says_that_they_are_wanted(text: str, wanted: FullText | None, tmp_path: Path) -> None:
    (feed,) = load(written(tmp_path, text), {}).feeds
    assert feed.full_text == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'content = "article >"',
            '3:11: feeds.content: expected a CSS selector, got "article >": ',
        ),
        ('remove = ["a", "p["]', '3:16: feeds.remove: expected a CSS selector, got "p[": Malformed attribute selector'),
        ('content = ""', '3:11: feeds.content: expected a CSS selector, got "": Expected a selector at position 0'),
    ],
)
def test_a_selector_that_is_none_is_shown_where_it_is(text: str, expected: str, tmp_path: Path) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path, {})
    assert str(caught.value).startswith(f"{path}:{expected}")
