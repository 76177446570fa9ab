"""What a reader of Markdown gets: its words, and its structure as countable items. Raw HTML is neither."""

import re
from collections import Counter
from collections.abc import Sequence
from urllib.parse import urljoin, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
# A link that it refuses would be words.
_MARKDOWN.validateLink = lambda _: True  # type: ignore[method-assign, assignment]
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_FOOTNOTE = re.compile(r"\[\^(\w+)\](:?)")  # no dialect here knows them, and this one takes some for links
_ADDRESS = re.compile(r"https?://\S+")
_WORD = re.compile(r"\w+")

Item = tuple[str, ...]


def parsed(markdown: str) -> list[Token]:
    """Return the tokens of the Markdown, less comments and characters without width; a footnote is its number."""
    seen = _NO_WIDTH.sub("", _COMMENT.sub("", markdown))
    return _MARKDOWN.parse(_FOOTNOTE.sub(r" \1 ", seen))


def words(tokens: Sequence[Token]) -> Counter[str]:
    """Return the words that rendering shows, in lower case, and how often.

    What an image says is its alt text or title. An address is no word: where text can hold no link, it stands for one.
    """
    return Counter(_WORD.findall(_ADDRESS.sub(" ", _text(tokens).lower())))


def structure(tokens: Sequence[Token], base: str) -> Counter[Item]:
    """Return what gives the text its shape, each with its words.

    Headings (of whatever level: a page's title may or may not be one), list items (their first line), rows of tables,
    blocks of code, links with their absolute target. Links without target or words are none. A host's name is the same
    in capitals (RFC 3986, 6.2.2.1), and a mail address in angle brackets is text: what wrote the expectation does not
    escape it.
    """
    found: Counter[Item] = Counter()
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            found["heading", _key(tokens[number + 1 : number + 2])] += 1
        elif token.type in ("fence", "code_block"):
            found["code", _key([token])] += 1
        elif token.type == "list_item_open":
            found["list item", _key([_first_line(tokens, number)])] += 1
        elif token.type == "tr_open":
            found["table row", *_cells(tokens, number)] += 1
        elif token.type == "inline":
            found.update(_links(token.children or [], base))
    return Counter({item: count for item, count in found.items() if any(item[1:])})


def _text(tokens: Sequence[Token]) -> str:
    pieces = []
    for token in tokens:
        if token.type == "inline":
            pieces.append(_text(token.children or []) + "\n")
        elif token.type == "image":
            pieces.append(f" {token.content or token.attrs.get('title', '')} ")
        elif token.type in ("softbreak", "hardbreak"):
            pieces.append(" ")
        elif token.type in ("text", "text_special", "code_inline", "fence", "code_block"):
            pieces.append(token.content)
    return "".join(pieces)


def _key(tokens: Sequence[Token]) -> str:
    return " ".join(_WORD.findall(_text(tokens).lower()))


def _first_line(tokens: Sequence[Token], number: int) -> Token:
    return next(
        (token for token in tokens[number:] if token.type in ("inline", "fence", "list_item_close")), tokens[number]
    )


def _cells(tokens: Sequence[Token], number: int) -> list[str]:
    cells = []
    while tokens[number].type != "tr_close":
        if tokens[number].type == "inline":
            cells.append(_key([tokens[number]]))
        number += 1
    return cells


def _links(children: Sequence[Token], base: str) -> list[Item]:
    found: list[Item] = []
    started: list[int] = []
    for number, token in enumerate(children):
        if token.type == "link_open":
            started.append(number)
        elif token.type == "link_close":
            start = started.pop()
            target = str(children[start].attrs.get("href") or "")
            said = _key(children[start:number])
            is_text = children[start].markup == "autolink" and target.startswith("mailto:")
            if target and said and not is_text:
                found.append(("link", said, _address(urljoin(base, target))))
    return found


def _address(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")
