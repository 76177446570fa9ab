"""A stand-in for full-text extraction: the part of a page that says what trafilatura takes for its text."""

from collections import Counter

import trafilatura
from lxml import html

_UNREAD = ("script", "style", "head", "template")


def main_content(page: str) -> str:
    """Return the HTML of the element whose words are nearest to what trafilatura extracts; all of a page that it finds
    nothing in. The element is untouched, so that converting it is measured, not what an extractor makes of it."""
    document = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    text = trafilatura.extract(page, include_tables=True, favor_recall=True)
    if not text:
        return page
    wanted = Counter(text.lower().split())
    best = max(
        document.iter("body", "main", "article", "section", "div", "td"), key=lambda part: _nearness(part, wanted)
    )
    return str(html.tostring(best, encoding="unicode", with_tail=False))


def _nearness(part: html.HtmlElement, wanted: Counter[str]) -> float:
    said = Counter(" ".join(part.xpath(".//text()[not(parent::script or parent::style)]")).lower().split())
    return 2 * (said & wanted).total() / (said.total() + wanted.total())
