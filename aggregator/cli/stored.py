"""Stored records as the stages of the pipeline take them."""

from aggregator.model import Article, Record
from aggregator.text.markdown import text_of


def article_of(record: Record) -> Article:
    """Return the article of a record again, plain text from its Markdown and all."""
    return Article(title=record.title, body_md=record.body_md, text=text_of(record.body_md), summary=record.summary)
