"""Pages that are kept."""

from aggregator.web.answers import Page
from aggregator.web.cache import Cache


def test_a_page_is_kept_with_its_mark_and_no_other() -> None:
    cache, old, new = Cache(10_000), Page(content=b"old"), Page(content=b"new")
    cache.put("a", 1, old)
    assert cache.holds("a")
    assert (cache.get("a", 1), cache.get("a", 2), cache.get("b", 1)) == (old, None, None)
    cache.put("a", 2, new)
    assert (cache.get("a", 1), cache.get("a", 2)) == (None, new)


def test_pages_that_were_not_asked_for_go_first() -> None:
    """And a page that takes another's place takes its room too."""
    cache = Cache(7_000)
    for name in "abc":
        cache.put(name, 1, Page(content=b"x" * 1000))
    cache.put("a", 2, Page(content=b"y" * 1000))
    cache.get("b", 1)
    cache.put("d", 1, Page(content=b"x" * 1000))
    assert [cache.holds(name) for name in "abcd"] == [True, True, False, True]
