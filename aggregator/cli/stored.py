"""Stored records as the stages of the pipeline take them."""

from collections.abc import Callable

from markdown_it import MarkdownIt

from aggregator.model import Article, Record
from aggregator.text.plain import plain_text


def reader_of_articles() -> Callable[[Record], Article]:
    """Return what makes an article of a record again, plain text from its Markdown and all."""
    render = MarkdownIt("commonmark").render

    def article(record: Record) -> Article:
        text = plain_text(render(record.body_md))
        return Article(title=record.title, body_md=record.body_md, text=text, summary=record.summary)

    return article
