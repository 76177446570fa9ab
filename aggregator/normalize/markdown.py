"""Sanitised HTML to CommonMark in which nothing that was text is markup.

The converter escapes too little or too much, so it never sees a special character: ``escaping`` hides them from it.
Ordinary bodies never get that far: ``prose`` writes them.
"""

import re
from typing import Any

from html_to_markdown import ConversionOptions, PreprocessingOptions
from html_to_markdown import _html_to_markdown as _native
from html_to_markdown import api as _converter

from aggregator.normalize.apart import with_marks, without_marks
from aggregator.normalize.emphasis import drop_unsound_emphasis
from aggregator.normalize.escaping import hidden, shown
from aggregator.normalize.prose import written


# The public convert() translates its options anew for every body, which takes longer than converting one.
def _options(tier: str) -> Any:
    return _converter._to_rust_conversion_options(
        ConversionOptions(
            extract_metadata=False,
            autolinks=False,
            compact_tables=True,
            expand_abbreviations=False,
            bullets="-",
            keep_inline_images_in=["h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "li", "a"],
            preprocessing=PreprocessingOptions(enabled=False),
            tier_strategy=tier,
        )
    )


_OPTIONS = _options("tier2")
# Nearly twice as fast, and another Markdown (other bullets, lost blank lines) for what is in an item of a list.
_OPTIONS_OF_PROSE = _options("tier1")
_BLOCK_IN_ITEM = re.compile(
    r"<li>[^<]*<(?:p|div|ul|ol|dl|h[1-6]|blockquote|figure|section)>"
    r"|</(?:p|div|ul|ol|dl|h[1-6]|blockquote|figure|section)>[^<]*</li>"
)

_TOKENS = re.compile(r"(<[^>]*>)")
_SAYS_NOTHING = re.compile(r"<(a|code|kbd|samp|tt)(?: [^>]*)?>(\s*)</\1>")
_EMPTY_END = re.compile(r">\s*</(?:a|code|kbd|samp|tt)>")
_BETWEEN_CODE = re.compile(r"</(?:code|kbd|samp|tt)><(?:code|kbd|samp|tt)(?: [^>]*)?>")  # backticks cannot touch
_CODE_ENDS = frozenset({"</code>", "</kbd>", "</samp>", "</tt>"})
_UNSOUND = frozenset({"<a>", "<table>"})
_LINK_TAG = re.compile(r"</?a(?: [^>]*)?>")
# Each begins with letters, which is ten times as quick to look for as one pattern for both.
_BREAK_IN_QUOTE = re.compile(r"\n>  (?=\n)")
_BREAK_AT_BLANK = re.compile(r"  \n(?=[> ]*\n)")
_TABLE_TAG = re.compile(r"<(/?)table>")
_TABLE_TAGS = re.compile(r"<(/?)(?:table|t[rdh]|thead|tbody|tfoot|caption)>")


def to_markdown(sanitised: str) -> str:
    """Return the CommonMark of HTML that ``sanitise`` returned: same words, same links, same order.

    Paragraphs are separated by a blank line. Text that looks like Markdown or HTML is escaped where CommonMark needs it
    and only there (XS-24). Data tables are in GFM's notation, layout tables are paragraphs.
    """
    tokens = sound(sanitised)
    prose = written(tokens)
    return converted(tokens) if prose is None else prose


def sound(sanitised: str) -> list[str]:
    """Return the text and tags, by turns, of HTML that ``sanitise`` returned, less what CommonMark cannot express."""
    markup = sanitised.replace("&nbsp;", " ")
    if _EMPTY_END.search(markup):
        markup = _SAYS_NOTHING.sub(r"\2", markup)
    tokens = _TOKENS.split(markup)
    tags = frozenset(tokens)
    if not tags.isdisjoint(_UNSOUND):
        tokens = _TOKENS.split(_with_flat_tables(_with_sound_links(markup)))
    if drop_unsound_emphasis(tokens) or not tags.isdisjoint(_CODE_ENDS):
        tokens = _TOKENS.split(_BETWEEN_CODE.sub("", "".join(tokens)))
    return tokens


def converted(tokens: list[str]) -> str:
    """Return the CommonMark of any sound body by way of the converter."""
    is_prose = not {"</table>", "</pre>"}.intersection(tokens) and not (
        "<li>" in tokens and _BLOCK_IN_ITEM.search("".join(tokens))
    )
    options = _OPTIONS_OF_PROSE if is_prose else _OPTIONS
    markdown = _native.convert(html=with_marks(hidden(tokens)), options=options, visitor=None).content or ""
    if "  \n" in markdown:
        markdown = _BREAK_AT_BLANK.sub("\n", _BREAK_IN_QUOTE.sub("\n>", markdown))
    return shown(without_marks(markdown)).strip()


def _with_sound_links(markup: str) -> str:
    """The HTML less links that lead nowhere and links within links, which a table cell can hold."""
    kept: list[bool] = []

    def sound(tag: re.Match[str]) -> str:
        if tag.group() == "</a>":
            return tag.group() if kept.pop() else ""
        kept.append(tag.group() != "<a>" and not any(kept))
        return tag.group() if kept[-1] else ""

    return _LINK_TAG.sub(sound, markup)


def _with_flat_tables(markup: str) -> str:
    if "<table>" not in markup or _are_data_tables(markup):
        return markup
    return _TABLE_TAGS.sub(r"<\1div>", markup)


def _are_data_tables(markup: str) -> bool:
    depth = 0
    for tag in _TABLE_TAG.finditer(markup):
        depth += -1 if tag.group(1) else 1
        if depth > 1:
            return False
    return "<th>" in markup
