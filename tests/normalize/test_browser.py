"""What Chromium makes of hostile bodies: as sanitised HTML, and as their Markdown rendered back to HTML."""

import html
from collections.abc import Iterable, Iterator
from itertools import islice

import pytest

from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import to_markdown
from tests.normalize import payloads
from tests.normalize.making import BASE, COMMONMARK

pytest.importorskip("playwright", reason="playwright is not installed: it is in requirements-dev.txt")

from tests.normalize.browser import CHROMIUM, chromium, live

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on the PATH (Debian: apt install chromium)")
BATCH = 400  # documents on one page


def forms(payload: str) -> Iterator[str]:
    """The payload as markup and as text, each sanitised, and each through Markdown."""
    for markup in (payload, html.escape(payload)):
        safe = sanitise(markup, BASE)
        yield safe
        yield COMMONMARK.render(to_markdown(safe))


def found(hostile: Iterable[str]) -> list[str]:
    bodies = iter(dict.fromkeys(form for payload in hostile for form in forms(payload)))
    with chromium() as browser:
        return [trouble for batch in iter(lambda: list(islice(bodies, BATCH)), []) for trouble in live(browser, batch)]


def test_the_instrument_sees_what_is_live() -> None:
    raw = [
        "<img src=/x onerror=alert(1)>",
        "<script>1</script>",
        "<link rel=stylesheet href=//evil.example/>",
        "<a href=javascript:1>x</a>",
        "<p>dead</p>",
    ]
    with chromium() as browser:
        alone = [live(browser, [body]) for body in raw]
    assert [bool(each) for each in alone] == [True, True, True, True, False]
    assert {"dialog 1", "onerror"} <= set(alone[0])
    assert "stylesheet http://evil.example/" in alone[2]


def test_the_behaviour_cases_are_dead_in_a_browser() -> None:
    """XS-01…18, XS-24."""
    assert found(payloads.CASES) == []


@pytest.mark.skipif(not payloads.CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
def test_known_payloads_are_dead_in_a_browser() -> None:
    assert found(payloads.corpus()) == []
