"""Making the subscriptions those of the configuration: a COPY into a table, and writes only where that differs."""

from collections.abc import Callable, Sequence
from datetime import datetime

from aggregator.model import FeedConfig
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.feed_rows import bucket_of
from aggregator.store.sqlite.values import as_json

_WANTED = """
CREATE TEMP TABLE wanted (
    url text COLLATE "C", name text, tags text, interval_seconds double precision, active boolean, position integer,
    origin text COLLATE "C", bucket integer
) ON COMMIT DROP
"""
_COPY = "COPY wanted (url, name, tags, interval_seconds, active, position, origin, bucket) FROM STDIN"
# In the order of their names, as whoever else does: nobody waits for one who waits for him.
_ORIGINS = """
INSERT INTO origins (origin) SELECT DISTINCT w.origin FROM wanted w LEFT JOIN origins o ON o.origin=w.origin
WHERE o.origin IS NULL ORDER BY 1 ON CONFLICT DO NOTHING
"""
_CHANGED = """
UPDATE feeds f SET name=w.name, tags=w.tags::json, interval_seconds=w.interval_seconds, active=w.active,
    position=w.position, origin=w.origin, bucket=w.bucket,
    next_poll_at=CASE WHEN w.active AND NOT f.active AND f.state IN ('gone', 'disabled')
        THEN %(now)s ELSE f.next_poll_at END
FROM wanted w WHERE w.url=f.url
    AND (w.name, w.tags, w.interval_seconds, w.active, w.position, w.origin, w.bucket) IS DISTINCT FROM
        (f.name, f.tags::text, f.interval_seconds, f.active, f.position, f.origin, f.bucket)
"""
_NEW = """
INSERT INTO feeds (url, fetch_url, name, tags, interval_seconds, active, position, origin, bucket, added_at,
    next_poll_at)
SELECT w.url, w.url, w.name, w.tags::json, w.interval_seconds, w.active, w.position, w.origin, w.bucket, %(now)s,
    %(now)s
FROM wanted w LEFT JOIN feeds f ON f.url=w.url WHERE f.id IS NULL ORDER BY w.position ON CONFLICT (url) DO NOTHING
"""
_LEFT = """
UPDATE feeds f SET position=NULL, active=false WHERE (f.position IS NOT NULL OR f.active)
    AND NOT EXISTS (SELECT 1 FROM wanted w WHERE w.url=f.url)
"""


def sync(
    sql: Sql,
    feeds: Sequence[tuple[int, FeedConfig]],
    now: datetime,
    origin_of: Callable[[str, str | None], str],
    *,
    only: bool,
) -> None:
    """Take up feeds at their positions; with ``only`` all others stop."""
    fetched = "SELECT url, fetch_url, address FROM feeds WHERE url=ANY(%s)"
    known = {url: rest for url, *rest in sql.execute(fetched, ([feed.url for _, feed in feeds],))}
    sql.execute(_WANTED)
    with sql.cursor().copy(_COPY) as copy:
        for position, feed in feeds:
            origin = origin_of(*known.get(feed.url, (feed.url, None)))
            interval = None if feed.interval is None else feed.interval.total_seconds()
            copy.write_row(
                (feed.url, feed.name, as_json(feed.tags), interval, feed.enabled, position, origin, bucket_of(origin))
            )
    for statement in (_ORIGINS, _CHANGED, _NEW, *([_LEFT] if only else [])):
        sql.execute(statement, {"now": now})
    sql.execute("DROP TABLE wanted")  # there may be a second call in the transaction
