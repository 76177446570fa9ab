"""Records that have the same text as another, or tell of the same event: beside its page, in PostgreSQL."""

from aggregator.model import RecordId
from aggregator.store.browsing import Relative
from aggregator.store.postgres.connection import Sql
from aggregator.store.sqlite.feed_cards import SOURCE_COLUMNS, read_source

_MOST = 20
_OF = (
    "SELECT n.other_id AS id, n.likeness AS likeness FROM near_duplicates n WHERE n.record_id={record}"
    " UNION ALL SELECT m.record_id, 0 FROM clustered c JOIN clustered m ON m.cluster_id=c.cluster_id"
    " WHERE c.record_id={record} AND m.record_id<>c.record_id"
)
_SHOWN = "o.merged_into IS NULL AND o.retracted_at IS NULL"
# For a look at the record ``r``: other numbers where another record joins or leaves, or says something else.
MARK = (
    "SELECT json_build_array(count(*), coalesce(sum(o.seq), 0))::text AS numbers, max(o.updated_at) AS latest"
    f" FROM records o WHERE o.id IN (SELECT id FROM ({_OF.format(record='r.id')}) x) AND {_SHOWN}"
)
_RELATIVES = (
    f"SELECT o.slug, o.title, o.lang, max(x.likeness), {SOURCE_COLUMNS} FROM ({_OF.format(record='%(record)s')}) x"
    f" JOIN records o ON o.id=x.id AND {_SHOWN} JOIN feeds f ON f.id=o.feed_id"
    " GROUP BY o.id, f.id ORDER BY max(x.likeness) DESC, o.id DESC LIMIT %(most)s"
)


def relatives_of(connection: Sql, record: RecordId) -> tuple[Relative, ...]:
    """Return near copies of the record, the likest first, and then what else tells of its event, the newest first."""
    rows = connection.execute(_RELATIVES, {"record": record, "most": _MOST}).fetchall()
    return tuple(
        Relative(slug=slug, title=title, lang=lang, is_copy=likeness > 0, source=read_source(source))
        for slug, title, lang, likeness, *source in rows
    )
