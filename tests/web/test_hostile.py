"""Whatever a feed says, a page of the site runs nothing and loads nothing that is not its own."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import to_markdown
from aggregator.publish.body import body_html
from aggregator.text.plain import one_line
from tests.normalize.payloads import CORPUS, corpus
from tests.web.making import a_library, a_story, browsing

LOADING = ("script", "link", "img", "iframe", "object", "embed", "video", "audio", "source", "base", "style", "form")
OWN = re.compile(r"^(/static/[0-9a-f]+/[a-z.]+|/search)$")
LINKS = {"http", "https", "mailto", ""}
MARKS = [
    "<",
    ">",
    '"',
    "'",
    "&lt;",
    "](",
    "[x](javascript:a)",
    "![y](//z/i.png)",
    "<script>",
    "onload=",
    "\n",
    "`",
    "\\",
]


def dangers(markup: str) -> list[str]:
    """Return what of a page is live, loaded or leads anywhere but to a link's target."""
    page = BeautifulSoup(markup, "lxml")
    found = [
        str(tag)
        for tag in page.find_all(LOADING)
        for target in [str(tag.get("src") or tag.get("href") or tag.get("action") or "")]
        if not OWN.match(target) and tag.get("rel") not in (["canonical"], ["alternate"])
    ]
    for tag in page.find_all(True):
        found += [f"{tag.name} {name}" for name in tag.attrs if name.startswith("on") or name in {"style", "srcset"}]
        if urlsplit(str(tag.get("href", ""))).scheme not in LINKS:
            found.append(str(tag))
    return found


@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=5), max_size=12).map("".join))
def test_any_markdown_is_rendered_without_danger(markdown: str) -> None:
    """XS-24: a body may have been written by an older version, or by hand."""
    assert dangers(body_html(markdown)) == []


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
async def test_known_payloads_are_harmless_on_every_page(tmp_path: Path) -> None:
    """XS-01…24: as title, summary, body, topic, name and query."""
    hostile = [payload for payload in corpus() if one_line(payload)]
    every = max(1, len(hostile) // 400)
    drafts = []
    for number, payload in enumerate(hostile[::every]):
        said = one_line(payload)[:300]
        body = payload if number % 2 else to_markdown(sanitise(payload, "https://site.example/"))
        drafts.append(a_story(number, title=said, body=body, topics=(said,), entities=(said,), slug=f"s-{number}"))
    with a_library(tmp_path, *drafts) as store:
        async with browsing(store) as client:
            paths = ["/topics", *(f"/news/s-{number}" for number in range(len(drafts)))]
            before = "/"
            while before:
                got = await client.get(before)
                assert dangers(got.text) == []
                older = re.search(r'href="(\?before=[0-9-]+)"', got.text)
                before = f"/{older[1]}" if older else ""
            for path in paths:
                assert dangers((await client.get(path)).text) == [], path
            for draft in drafts[::10]:
                assert dangers((await client.get("/search", params={"q": draft.title})).text) == []
