"""Clusters of records in PostgreSQL: who is in which.

``clustered`` has who was found to belong together, for as long as the records live; ``clusters`` from when to when
their records were told.
"""

from collections.abc import Sequence
from datetime import datetime

from aggregator.model import Cluster
from aggregator.store.browsing import Glimpse
from aggregator.store.clusters import Told
from aggregator.store.postgres.clustering import Clustering
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.membership import MEMBERS
from aggregator.store.sqlite.browsing import GLIMPSE_COLUMNS, read_glimpse

_LATEST = (
    "SELECT id, name, records FROM (SELECT c.id, c.name, c.last, (SELECT count(*) "
    f"{MEMBERS} WHERE m.cluster_id=c.id) AS records FROM clusters c) counted"
    " WHERE records>1 ORDER BY last DESC, id DESC LIMIT %s"
)
_STORIES = (
    f"SELECT {GLIMPSE_COLUMNS} {MEMBERS} JOIN feeds f ON f.id=r.feed_id"
    " WHERE m.cluster_id=%s ORDER BY r.told DESC, r.id DESC LIMIT %s"
)


class PostgresClusters:
    """The ``Clusters`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def catch_up(self, now: datetime, *, limit: int) -> int:
        """See ``Clusters.catch_up``."""
        return Clustering(self._sql, now).follow(limit)

    def latest(self, *, limit: int, each: int) -> Sequence[Told]:
        """See ``Clusters.latest``."""
        return [
            Told(cluster=Cluster(id=name, records=count), stories=self._stories(ident, each))
            for ident, name, count in self._sql.execute(_LATEST, (limit,)).fetchall()
        ]

    def _stories(self, cluster: int, limit: int) -> tuple[Glimpse, ...]:
        return tuple(read_glimpse(row) for row in self._sql.execute(_STORIES, (cluster, limit)).fetchall())
