"""The article of a page: where the operator says it is, else where trafilatura finds it."""

import logging
import re
from html import unescape

import trafilatura
from bs4 import BeautifulSoup, Tag

from aggregator.extract.gates import gate_of
from aggregator.model import FullText, Missed, Page
from aggregator.text.plain import one_line, plain_text

# What it says of a page is said by our own answer; without a handler it would go to standard error.
logging.getLogger("trafilatura").addHandler(logging.NullHandler())
logging.getLogger("trafilatura").propagate = False

# As trafilatura writes it, "<" is a tag and every attribute is quoted.
_TITLE = re.compile(r"(<body>\s*(?:<img [^>]*>\s*)*)<h1>[^<]*</h1>")
_IMAGE_OR_PARAGRAPH = re.compile(r"""<img [^>]*?alt="([^"]*)"|<p(?: [^>]*)?>((?:(?!</?p\b).)*)</p>""", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_CAPTION = 20  # characters: shorter ones are told twice for a reason


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
    # Precision and no comments: its best on pages of news (python -m bench.extract_gold).
    found = trafilatura.extract(
        markup,
        url=url,
        output_format="html",
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        include_links=True,
        include_images=True,
        include_formatting=True,
    )
    return _IMAGE_OR_PARAGRAPH.sub(_Captions(), _TITLE.sub(r"\1", found or "", count=1))


class _Captions:
    """Takes out what an image, or the paragraph before, has said already."""

    def __init__(self) -> None:
        self._said = ""

    def __call__(self, piece: re.Match[str]) -> str:
        alternative, paragraph = piece.groups()
        if alternative is not None:
            self._said = one_line(unescape(alternative))
            return piece.group()
        text = one_line(unescape(_TAG.sub("", paragraph)))
        if len(text) >= _CAPTION and self._said.startswith(text) and "<img" not in paragraph:
            return ""
        self._said = text or self._said
        return piece.group()


def _outermost(elements: list[Tag]) -> list[Tag]:
    """The elements less those within another of them, whose text would be there twice."""
    chosen = {id(element) for element in elements}
    return [element for element in elements if not any(id(parent) in chosen for parent in element.parents)]
