"""A selection as conditions of SQL, and what of it only the value can tell."""

from collections.abc import Sequence

from aggregator.model import Change, Selection
from aggregator.store.sqlite.values import stamp

Conditions = tuple[str, list[object]]  # " AND …" for each one, and the values of its question marks


def of_changes(selection: Selection) -> Conditions:
    """Return the conditions for ``changes c``."""
    feeds, values = _feeds(selection)
    sql = f" AND c.feed_id IN ({feeds})" if feeds else ""
    if selection.kinds:
        sql += f" AND c.kind IN ({_marks(selection.kinds)})"
        values += selection.kinds
    if selection.since is not None:
        sql += " AND c.at>=?"
        values.append(stamp(selection.since))
    if selection.until is not None:
        sql += " AND c.at<?"
        values.append(stamp(selection.until))
    return sql, values


def of_records(selection: Selection) -> Conditions:
    """Return the conditions for ``records r``."""
    feeds, values = _feeds(selection)
    sql = f" AND r.id IN (SELECT record_id FROM sightings WHERE feed_id IN ({feeds}))" if feeds else ""  # noqa: S608 - no values
    if selection.since is not None:
        # A record's seq is that of its last change: where to begin is found in the log, whose rows are short.
        sql += " AND r.seq>=(SELECT seq FROM changes WHERE at>=? ORDER BY seq LIMIT 1) AND r.updated_at>=?"
        values += [stamp(selection.since)] * 2
    if selection.until is not None:
        sql += " AND r.updated_at<?"
        values.append(stamp(selection.until))
    if selection.langs:
        sql += " AND (" + " OR ".join("substr(r.lang||'-', 1, length(?)+1)=?||'-'" for _ in selection.langs) + ")"
        values += [each for lang in selection.langs for each in (lang, lang)]
    if selection.topics:
        sql += f" AND EXISTS (SELECT 1 FROM json_each(r.topics) WHERE value IN ({_marks(selection.topics)}))"  # noqa: S608 - ?,?
        values += selection.topics
    return sql, values


def tells_of(change: Change, selection: Selection) -> bool:
    """Whether a change has one of the topics and languages: those of its revision, which may be packed."""
    if not selection.topics and not selection.langs:
        return True
    record = change.record
    return (
        record is not None
        and (not selection.topics or not set(selection.topics).isdisjoint(record.topics))
        and (not selection.langs or any(f"{record.lang}-".startswith(f"{lang}-") for lang in selection.langs))
    )


def _feeds(selection: Selection) -> tuple[str, list[object]]:
    """Return a query for the ids of the feeds that have one of the names and one of the tags; "" for all feeds."""
    conditions: list[str] = []
    values: list[object] = []
    if selection.feeds:
        marks = _marks(selection.feeds)
        conditions.append(f"(url IN ({marks}) OR name IN ({marks}))")
        values += [*selection.feeds, *selection.feeds]
    if selection.tags:
        marks = _marks(selection.tags)
        conditions.append(f"EXISTS (SELECT 1 FROM json_each(feeds.tags) WHERE value IN ({marks}))")  # noqa: S608 - ?,?
        values += selection.tags
    sql = f"SELECT id FROM feeds WHERE {' AND '.join(conditions)}" if conditions else ""  # noqa: S608 - no values in it
    return sql, values


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
