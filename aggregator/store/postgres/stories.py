"""Records with where they are from, as rules look at them."""

from collections.abc import Iterator

import orjson

from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.log import read_record
from aggregator.store.sqlite.log import RECORD_COLUMNS
from aggregator.store.upkeep import Story

_PAGE = 500
_STORIES = (
    f"SELECT {RECORD_COLUMNS}, f.url, f.name, r.details FROM records r JOIN feeds f ON f.id=r.feed_id"
    " WHERE r.id>%s ORDER BY r.id LIMIT %s"
)


def stories(connection: Sql) -> Iterator[Story]:
    """Yield every record; see ``Retention.stories``."""
    after = -1
    while rows := connection.execute(_STORIES, (after, _PAGE)).fetchall():
        for *columns, url, name, details in rows:
            said = orjson.loads(details)
            yield Story(
                record=read_record(columns),
                feeds=(url,) if name is None else (url, name),
                categories=tuple(said.get("categories", ())),
                authors=tuple(said.get("authors", ())),
            )
        after = rows[-1][0]
