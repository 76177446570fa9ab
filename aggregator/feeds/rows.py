"""A feed together with the place that names it."""

from dataclasses import dataclass

from aggregator.model import FeedConfig, FullText, RequestOptions
from aggregator.settings import Problem
from aggregator.settings.document import Document
from aggregator.settings.models import FeedSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``source`` is the TOML whose ``[[feeds]]`` number ``at`` (from 0) it is, or the list whose line ``at`` it is."""

    feed: FeedConfig
    source: Document | str
    at: int

    def note(self, message: str) -> Problem:
        """Return a remark about this row."""
        if isinstance(self.source, Document):
            return self.source.problem(("feeds", self.at, "url"), message)
        return Problem(file=self.source, line=self.at, message=message)


def row_of(feed: FeedSettings, source: Document, at: int) -> Row:
    """Return the row of one ``[[feeds]]``."""
    config = FeedConfig(
        url=feed.url,
        name=feed.name,
        tags=feed.tags,
        interval=feed.interval,
        enabled=feed.enabled,
        options=_options(feed),
        full_text=FullText(content=feed.content, remove=feed.remove) if feed.wants_pages else None,
    )
    return Row(feed=config, source=source, at=at)


def _options(feed: FeedSettings) -> RequestOptions | None:
    options = RequestOptions(
        headers=tuple(feed.headers.items()),
        user_agent=feed.user_agent,
        proxy=feed.proxy,
        credentials=(feed.auth.user, feed.auth.password) if feed.auth else None,
    )
    return None if options == RequestOptions() else options
