"""Which cluster a record is in."""

import sqlite3
from collections.abc import Collection, Iterable, Mapping

from aggregator.model import Cluster, RecordId
from aggregator.store.sqlite.clustering import forget_title
from aggregator.store.sqlite.values import as_json

MEMBERS = "FROM clustered m JOIN records r ON r.id=m.record_id AND r.merged_into IS NULL AND r.retracted_at IS NULL"
_OF = (
    "SELECT o.record_id, c.name, "  # noqa: S608 - constants only
    f"(SELECT count(*) {MEMBERS} WHERE m.cluster_id=c.id) AS number"
    " FROM json_each(?) j JOIN clustered o ON o.record_id=j.value JOIN clusters c ON c.id=o.cluster_id WHERE number>1"
)


def clusters_of(connection: sqlite3.Connection, records: Collection[RecordId]) -> Mapping[RecordId, Cluster]:
    """Return the clusters of those records that are in one; see ``Clusters``."""
    rows = connection.execute(_OF, (as_json(list(records)),)).fetchall()
    return {record: Cluster(id=name, records=number) for record, name, number in rows}


def leave_clusters(connection: sqlite3.Connection, records: Iterable[int]) -> None:
    """Take records out of their clusters, before they are deleted; a cluster that nobody is left in goes too."""
    for record in records:
        forget_title(connection, record)
        row = connection.execute("SELECT cluster_id FROM clustered WHERE record_id=?", (record,)).fetchone()
        if row is not None:
            connection.execute("DELETE FROM clustered WHERE record_id=?", (record,))
            connection.execute(
                "DELETE FROM clusters WHERE id=:id AND NOT EXISTS (SELECT 1 FROM clustered WHERE cluster_id=:id)",
                {"id": row[0]},
            )
