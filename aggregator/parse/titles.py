"""Titles: nominally plain text, in practice often escaped once more than that."""

import html
import re
from dataclasses import replace

from aggregator.model import Content

_REFERENCE = re.compile(r"&(?:#\d{2,7};?|#[xX][0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,30};)")


def decoded(title: Content) -> Content:
    """Return a plain title with its character references decoded, once; HTML is left for others to turn into text.

    What looks like markup after that is text (XS-18, XS-19).
    """
    if title.html or not _REFERENCE.search(title.value):
        return title
    return replace(title, value=_REFERENCE.sub(lambda reference: html.unescape(reference[0]), title.value))
