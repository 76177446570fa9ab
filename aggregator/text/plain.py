"""HTML to plain text, and text without what no output can carry."""

import html
import re

import nh3

_RAW = """
script style noscript noembed noframes iframe textarea title xmp plaintext select option datalist template svg math
object applet
"""
_PARAGRAPHS = """
address article aside blockquote caption center dd details dialog div dl dt fieldset figcaption figure footer form
h1 h2 h3 h4 h5 h6 header hgroup hr main nav ol p pre section summary table tbody tfoot thead ul
"""
# Elements whose content is no reading matter, or that HTML parsers read as raw text.
RAW_TAGS = frozenset(_RAW.split())
PARAGRAPH_TAGS = frozenset(_PARAGRAPHS.split())
LINE_TAGS = frozenset({"br", "li", "tr"})
_SAID = {
    **{slash + tag: "\n\n" for tag in PARAGRAPH_TAGS for slash in ("", "/")},
    **dict.fromkeys(LINE_TAGS, "\n"),
    **dict.fromkeys(("td", "th"), " "),
    **dict.fromkeys(("q", "/q"), '"'),
}

_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?")
_TAG = re.compile(r"<(/?[a-z0-9]+)[^>]*>")
_FROM_BREAK = re.compile(r"\n[ \n]*")

_STRUCTURE_ONLY = nh3.Cleaner(
    tags=PARAGRAPH_TAGS | LINE_TAGS | {"td", "th", "q"}, clean_content_tags=set(RAW_TAGS), attributes={}, link_rel=None
)


def clean_text(text: str) -> str:
    """Return the text without control characters but tab and newline; lone surrogates and noncharacters become U+FFFD.

    Line ends become ``\\n``. The result can be encoded, stored and printed as JSON (OI-03, OI-04).
    """
    if is_printable(text) or _UNFIT.search(text) is None:
        return text
    return _UNFIT.sub(_fit, _LINE_ENDS.sub("\n", text))


def is_printable(text: str) -> bool:
    """Whether a text has no control character but line feeds, nor other characters that show nothing.

    Ten times as quick as looking for each of them, and true of most text.
    """
    return text.isprintable() or text.replace("\n", "").isprintable()


def one_line(text: str) -> str:
    """Return clean text on one line, every run of whitespace a single space, none at the ends."""
    return single_spaced(clean_text(text))


def single_spaced(text: str) -> str:
    """Return the text with every run of whitespace a single space, none at the ends."""
    spaced = text.replace("\n", " ")
    if not spaced.isprintable():  # as no whitespace is but the space
        return " ".join(text.split())
    while "  " in spaced:
        spaced = spaced.replace("  ", " ")
    return spaced.strip()


def plain_text(markup: str) -> str:
    """Return what any HTML says as text: paragraphs separated by a blank line, lines by a newline.

    Scripts, styles and form controls say nothing. What the markup escaped stays as it is, once unescaped (XS-18).
    """
    if "<" not in markup:
        return clean_text(_unescaped(markup)).strip()
    return clean_text(markup_text(_STRUCTURE_ONLY.clean(clean_text(markup))))


def markup_text(well_formed: str) -> str:
    """Return the text of HTML that a sanitiser wrote: no ``<`` or ``>`` but in tags and escaped in attributes."""
    if "\n" in well_formed or "  " in well_formed or "\t" in well_formed:
        well_formed = single_spaced(well_formed)
    pieces = _TAG.split(well_formed)
    pieces[1::2] = [_SAID.get(tag, "") for tag in pieces[1::2]]
    text = "".join(pieces)
    if "\n" in text:
        text = _FROM_BREAK.sub(_line_break, text.replace(" \n", "\n"))
    return _unescaped(text).strip() if "&" in text else text.strip()


def _line_break(match: re.Match[str]) -> str:
    return "\n" if match.group().count("\n") == 1 else "\n\n"


def _unescaped(text: str) -> str:
    return html.unescape(text).replace("\xa0", " ")


def _fit(match: re.Match[str]) -> str:
    return "\ufffd" if match.group() >= "\ud800" else ""
