"""Records that get better after they were written, in SQLite."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from aggregator.model import Record, RecordId
from aggregator.store.refinements import Refined
from aggregator.store.sqlite.rewording import Words, current, details_of, reword
from aggregator.store.sqlite.values import stamp
from aggregator.text.slugs import ascii_slug

_ANSWERS_KEPT = timedelta(days=90)
_LONGEST_TOPIC = 50  # characters, as enrichers cut tags


class SqliteRefinements:
    """The ``Refinements`` role."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection

    def current(self, record: RecordId, revision: int) -> Record | None:
        """See ``Refinements.current``."""
        return current(self._sql, record, revision)

    def refine(self, record: RecordId, revision: int, refined: Refined, now: datetime) -> bool:
        """See ``Refinements.refine``."""
        before = self.current(record, revision)
        if before is None:
            return False
        details = details_of(self._sql, record)
        changed = changes(before, refined, details.get("tags", ()))
        if not changed:
            return False
        details["provenance"] = {**details.get("provenance", {}), **dict.fromkeys(changed, refined.source)}
        said = {"refined": refined.source}
        reword(self._sql, before, changed, now, revision=revision, details=details, detail=said)
        return True

    def answer(self, key: bytes) -> str | None:
        """See ``Refinements.answer``."""
        row = self._sql.execute("SELECT answer FROM llm_answers WHERE key=?", (key,)).fetchone()
        return None if row is None else row[0]

    def keep_answer(self, key: bytes, answer: str, now: datetime) -> None:
        """See ``Refinements.keep_answer``."""
        self._sql.execute("INSERT OR REPLACE INTO llm_answers VALUES (?, ?, ?)", (key, answer, stamp(now)))
        self._sql.execute("DELETE FROM llm_answers WHERE at<?", (stamp(now - _ANSWERS_KEPT),))

    def spend(self, day: date, costs: Mapping[str, int]) -> None:
        """See ``Refinements.spend``."""
        self._sql.executemany(
            "INSERT INTO llm_costs (day, name, number) VALUES (?, ?, ?)"
            " ON CONFLICT (day, name) DO UPDATE SET number=number+excluded.number",
            [(day.isoformat(), name, number) for name, number in costs.items() if number],
        )

    def spent(self, day: date) -> Mapping[str, int]:
        """See ``Refinements.spent``."""
        rows = self._sql.execute("SELECT name, number FROM llm_costs WHERE day=?", (day.isoformat(),))
        return dict(rows.fetchall())


def changes(before: Record, refined: Refined, tags: Iterable[str]) -> Words:
    """Return the words that are others now; ``tags`` are those that the operator's rules gave the record."""
    topics = None if refined.topics is None else tuple(dict.fromkeys((*_tagged(before, tags), *refined.topics)))
    said: Words = {"summary": refined.summary, "topics": topics, "entities": refined.entities}
    return {name: value for name, value in said.items() if value is not None and value != getattr(before, name)}


def _tagged(before: Record, tags: Iterable[str]) -> tuple[str, ...]:
    """Return the topics that rules of the operator gave."""
    slugs = {ascii_slug(tag, most=_LONGEST_TOPIC) for tag in tags}
    return tuple(topic for topic in before.topics if topic in slugs)
