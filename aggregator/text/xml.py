"""Text on its way into XML 1.0."""

import re
from xml.sax.saxutils import escape, quoteattr

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Return text as the content of an element; what XML cannot hold is U+FFFD."""
    return escape(_fit(text), {"\r": "&#13;"})


def xml_attribute(text: str) -> str:
    """Return text as a quoted value of an attribute."""
    return quoteattr(_fit(text))


def _fit(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
