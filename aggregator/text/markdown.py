"""The plain text of a record's body."""

import functools

from markdown_it import MarkdownIt

from aggregator.text.plain import plain_text


def text_of(markdown: str) -> str:
    """Return what a reader of CommonMark reads, paragraphs separated as in plain text."""
    return plain_text(_renderer().render(markdown))


@functools.cache
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})  # what looks like a tag is text
