"""The article of a page: where the operator says it is, else where its prose is.

It is the page's own HTML less what is beside it, so that the body keeps its lists, code, tables and notes.
"""

import logging

import trafilatura
from bs4 import BeautifulSoup, Tag

from aggregator.extract.clutter import drop_clutter
from aggregator.extract.elsewhere import drop_elsewhere
from aggregator.extract.gates import gate_of
from aggregator.extract.heading import drop_heading, drop_last_heading, titles, told
from aggregator.extract.main_element import main_element
from aggregator.extract.mending import bring_notes, mend
from aggregator.extract.second_opinion import trim
from aggregator.extract.streamed import put_in_place
from aggregator.extract.threads import thread_in
from aggregator.extract.tree import parsed, written
from aggregator.extract.weight import weigh
from aggregator.model import FullText, Missed, Page
from aggregator.text.plain import plain_text

# What it says of a page is said by our own answer; without a handler it would go to standard error.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("trafilatura").propagate = False


def read_article(markup: str, url: str, *, asked: str, wanted: FullText) -> Page | Missed:
    """Return the article of the page ``markup`` that came from ``url`` when ``asked`` was asked for.

    A page that stands in front of the article (a paywall, a request for consent, a test for robots) is Missed, and so
    is one without an article. Never raises for what a page says.
    """
    try:
        article = find_article(markup, url, wanted)
    except Exception as error:  # noqa: BLE001 - libraries in Python, fed a hostile page: what they raise is its doing
        return Missed(reason=f"cannot be read: {type(error).__name__}")
    text = plain_text(article)
    if gate := gate_of(markup, text, url=url, asked=asked):
        return Missed(reason=gate)
    if not text:
        return Missed(reason=f'nothing at "{wanted.content}"' if wanted.content else "no article in it")
    return Page(url=url, markup=article, text=text)


def find_article(markup: str, url: str, wanted: FullText) -> str:
    """Return the HTML of the page's article, as hostile as the page, "" without one. Raises what libraries do."""
    if wanted.content or wanted.remove:
        soup = BeautifulSoup(markup, "lxml")
        for selector in wanted.remove:
            for element in soup.select(selector):
                element.decompose()
        if wanted.content:
            return "".join(map(str, _outermost(soup.select(wanted.content))))
        markup = str(soup)
    return thread_in(markup) or _found(markup, url)


def _found(markup: str, url: str) -> str:
    root = parsed(markup)
    body = None if root is None else root.find("body")
    if body is None:
        return ""
    known = titles(root)
    put_in_place(body)
    mend(body)
    drop_clutter(body, weigh(body))
    weights = weigh(body)
    article = main_element(body, weights, told(root))
    bring_notes(article, body)
    weights = weigh(body)
    drop_heading(article, weights, known)
    drop_elsewhere(article, weights)
    # Precision and no comments: its best on pages of news (python -m bench.extract_gold).
    trim(article, trafilatura.extract(markup, url=url, favor_precision=True, include_comments=False) or "")
    drop_last_heading(article)
    return written(article)


def _outermost(elements: list[Tag]) -> list[Tag]:
    """The elements less those within another of them, whose text would be there twice."""
    chosen = {id(element) for element in elements}
    return [element for element in elements if not any(id(parent) in chosen for parent in element.parents)]
