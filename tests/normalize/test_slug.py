"""The readable part of a record's address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalize.slug import slugify, with_suffix

KEY = "news.example/ferry"


def test_a_title_gives_its_words() -> None:
    assert slugify("Ferry’s Back: 100% Ready", KEY) == "ferrys-back-100-ready"


@pytest.mark.parametrize("title", ["", "…", "!!!", "\u200b"])
def test_a_title_with_nothing_to_transliterate_still_gets_a_slug(title: str) -> None:
    slug = slugify(title, KEY)
    assert re.fullmatch("story-[0-9a-f]{8}", slug)
    assert slug != slugify(title, "news.example/other")


@pytest.mark.parametrize("title", ["CON", "index", "LPT1"])
def test_reserved_names_get_a_suffix(title: str) -> None:
    """OI-15."""
    assert re.fullmatch(f"{title.lower()}-[0-9a-f]{{8}}", slugify(title, KEY))


def test_a_suffix_is_stable_and_tells_stories_apart() -> None:
    assert with_suffix("ferry", KEY) == with_suffix("ferry", KEY) != with_suffix("ferry", "news.example/b")


@given(st.text(), st.text(max_size=20))
def test_a_slug_is_a_file_name_and_an_address(title: str, key: str) -> None:
    """OI-15."""
    for slug in (slugify(title, key), with_suffix(slugify(title, key), key)):
        assert re.fullmatch("[a-z0-9]+(?:-[a-z0-9]+)*", slug)
        assert len(slug) <= 100
