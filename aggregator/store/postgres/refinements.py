"""Records that get better after they were written, in PostgreSQL."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import orjson

from aggregator.model import Record, RecordId
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold
from aggregator.store.postgres.log import read_record
from aggregator.store.postgres.revisions import Wording, revise
from aggregator.store.refinements import Refined
from aggregator.store.sqlite.log import RECORD_COLUMNS
from aggregator.store.sqlite.values import as_json

_ANSWERS_KEPT = timedelta(days=90)
_CURRENT = " FROM records r WHERE r.id=%s AND r.revision=%s AND r.merged_into IS NULL AND r.retracted_at IS NULL"


class PostgresRefinements:
    """The ``Refinements`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def current(self, record: RecordId, revision: int) -> Record | None:
        """See ``Refinements.current``."""
        row = self._sql.execute(f"SELECT {RECORD_COLUMNS}{_CURRENT}", (record, revision)).fetchone()
        return None if row is None else read_record(row)

    def refine(self, record: RecordId, revision: int, refined: Refined, now: datetime) -> bool:
        """See ``Refinements.refine``."""
        hold(self._sql, WRITING_THE_LOG)
        before = self.current(record, revision)
        changed = {} if before is None else _changes(before, refined)
        if before is None or not changed:
            return False
        content_hash, details, feed_id, guid_hash, churn = self._sql.one(
            "SELECT content_hash, details, feed_id, guid_hash, churn FROM records WHERE id=%s", (record,)
        )
        said = orjson.loads(details)
        provenance = {**said.get("provenance", {}), **dict.fromkeys(changed, refined.source)}
        wording = Wording(
            title=before.title,
            summary=str(changed.get("summary", before.summary)),
            body_md=before.body_md,
            published_at=before.published_at,
            lang=before.lang,
            topics=as_json(changed.get("topics", before.topics)),
            entities=as_json(changed.get("entities", before.entities)),
            content_hash=content_hash,  # the feed's words are the same: its next poll changes nothing
            details=as_json({**said, "provenance": provenance}),
            feed_id=feed_id,
            guid_hash=guid_hash,
            match_key=None,
        )
        detail = as_json({"refined": refined.source})
        revise(self._sql, record, wording, now, revision=revision + 1, churn=churn, detail=detail)
        return True

    def answer(self, key: bytes) -> str | None:
        """See ``Refinements.answer``."""
        row = self._sql.execute("SELECT answer FROM llm_answers WHERE key=%s", (key,)).fetchone()
        return None if row is None else row[0]

    def keep_answer(self, key: bytes, answer: str, now: datetime) -> None:
        """See ``Refinements.keep_answer``."""
        self._sql.execute(
            "INSERT INTO llm_answers VALUES (%s, %s, %s)"
            " ON CONFLICT (key) DO UPDATE SET answer=excluded.answer, at=excluded.at",
            (key, answer, now),
        )
        self._sql.execute("DELETE FROM llm_answers WHERE at<%s", ((now - _ANSWERS_KEPT),))

    def spend(self, day: date, costs: Mapping[str, int]) -> None:
        """See ``Refinements.spend``."""
        self._sql.many(
            "INSERT INTO llm_costs (day, name, number) VALUES (%s, %s, %s)"
            " ON CONFLICT (day, name) DO UPDATE SET number=llm_costs.number+excluded.number",
            [(day, name, number) for name, number in costs.items() if number],
        )

    def spent(self, day: date) -> Mapping[str, int]:
        """See ``Refinements.spent``."""
        rows = self._sql.execute("SELECT name, number FROM llm_costs WHERE day=%s", (day,))
        return dict(rows.fetchall())


def _changes(before: Record, refined: Refined) -> dict[str, str | tuple[str, ...]]:
    said = {"summary": refined.summary, "topics": refined.topics, "entities": refined.entities}
    was = {"summary": before.summary, "topics": before.topics, "entities": before.entities}
    return {name: value for name, value in said.items() if value is not None and value != was[name]}
