"""Full text: what an operator wants of a feed's pages, and what came of asking for one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class FullText:
    """That a feed's articles are read from their pages, and where they stand there."""

    content: str | None = None  # CSS selector of the article; None: it is found without being told
    remove: tuple[str, ...] = ()  # CSS selectors of what is no part of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The article of a page."""

    url: str  # where the page came from, after redirects: what relative links resolve against
    markup: str  # HTML, as hostile as the page
    text: str  # the same as plain text


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Why a page gave no article."""

    reason: str  # for people: "paywall", "disallowed by robots.txt", "HTTP 404 Not Found"
    temporary: bool = False  # asking again may help
    refused: bool = False  # by a server that wants to be left alone
    asked: bool = True  # False: it was another page's turn
