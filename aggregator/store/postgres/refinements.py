"""Records that get better after they were written, in PostgreSQL."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from aggregator.model import Record, RecordId
from aggregator.store.postgres.connection import Sql
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold
from aggregator.store.postgres.rewording import current, details_of, reword
from aggregator.store.refinements import Refined
from aggregator.store.sqlite.refinements import changes

_ANSWERS_KEPT = timedelta(days=90)


class PostgresRefinements:
    """The ``Refinements`` role."""

    def __init__(self, connection: Sql) -> None:
        self._sql = connection

    def current(self, record: RecordId, revision: int) -> Record | None:
        """See ``Refinements.current``."""
        return current(self._sql, record, revision)

    def refine(self, record: RecordId, revision: int, refined: Refined, now: datetime) -> bool:
        """See ``Refinements.refine``."""
        hold(self._sql, WRITING_THE_LOG)
        before = self.current(record, revision)
        if before is None:
            return False
        details = details_of(self._sql, [record])[record]
        changed = changes(before, refined, details.get("tags", ()))
        if not changed:
            return False
        details["provenance"] = {**details.get("provenance", {}), **dict.fromkeys(changed, refined.source)}
        said = {"refined": refined.source}
        reword(self._sql, before, changed, now, revision=revision, details=details, detail=said)
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
