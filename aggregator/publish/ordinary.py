"""Markdown as most bodies have it, rendered by pulldown-cmark: a tenth of the time that markdown-it takes."""

import re

import pyromark

# Tables and struck text are not CommonMark's; definitions of references are read differently.
_UNCOMMON = ("|", "~~", "]:")
# Raw HTML, for us, is text; and other white space than spaces is read differently.
_RAW = re.compile(r"<(?<!\\<)|\\\\<")
_SPACE = re.compile(r"[^\S \n]")
# Addresses, and names of languages, that one of the two would refuse or write in another way.
_ODD = re.compile(
    r"""="(?:(?<=(?:ef|rc)=")(?!https?://[\w.:-]+(?:[/?\#](?:[\w./?\#:;=@&+,~!$*()-]|%[0-9A-Fa-f]{2})*)?")"""
    r"""|(?<=class=")(?!language-[\w+.\#-]*"))""",
    re.ASCII,
)
_EMPTY = "<li></li>"  # whether its list is loose then is a matter of opinion
_CONTAINER = re.compile(r"<(?:blockquote|ul|ol)\b")
_DEEPEST = 9  # markdown-it goes no deeper, where all of them are lists


def ordinary_html(markdown: str) -> str | None:
    """Return the Markdown as HTML, not sanitised; None where it is too uncommon for both to agree.

    Else it is what markdown-it makes of it, but for white space at the ends of blocks.
    """
    if any(mark in markdown for mark in _UNCOMMON) or _RAW.search(markdown) or _SPACE.search(markdown):
        return None
    html = pyromark.html(markdown)
    if _EMPTY in html or _ODD.search(html) or len(_CONTAINER.findall(html)) > _DEEPEST:
        return None
    return html
