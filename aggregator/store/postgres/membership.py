"""Which cluster a record is in."""

from collections.abc import Collection, Iterable, Mapping

from aggregator.model import Cluster, RecordId
from aggregator.store.postgres.clustering import forget_title
from aggregator.store.postgres.connection import Sql

MEMBERS = "FROM clustered m JOIN records r ON r.id=m.record_id AND r.merged_into IS NULL AND r.retracted_at IS NULL"
_OF = (
    "SELECT * FROM (SELECT o.record_id, c.name, "
    f"(SELECT count(*) {MEMBERS} WHERE m.cluster_id=c.id) AS number"
    " FROM clustered o JOIN clusters c ON c.id=o.cluster_id WHERE o.record_id=ANY(%s)) found WHERE number>1"
)


def clusters_of(connection: Sql, records: Collection[RecordId]) -> Mapping[RecordId, Cluster]:
    """Return the clusters of those records that are in one; see ``Clusters``."""
    rows = connection.execute(_OF, (list(records),)).fetchall()
    return {record: Cluster(id=name, records=number) for record, name, number in rows}


def leave_clusters(connection: Sql, records: Iterable[int]) -> None:
    """Take records out of their clusters, before they are deleted; a cluster that nobody is left in goes too."""
    for record in records:
        forget_title(connection, record)
        row = connection.execute("SELECT cluster_id FROM clustered WHERE record_id=%s", (record,)).fetchone()
        if row is not None:
            connection.execute("DELETE FROM clustered WHERE record_id=%s", (record,))
            connection.execute(
                "DELETE FROM clusters WHERE id=%(id)s AND NOT EXISTS (SELECT 1 FROM clustered WHERE cluster_id=%(id)s)",
                {"id": row[0]},
            )
