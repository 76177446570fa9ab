"""A selection as conditions of SQL, and what of it only the value can tell."""

from collections.abc import Sequence

from aggregator.model import Change, Selection

Conditions = tuple[str, list[object]]  # " AND …" for each one, and the values of its question marks


def of_changes(selection: Selection) -> Conditions:
    """Return the conditions for ``changes c``."""
    feeds, values = _feeds(selection)
    sql = f" AND c.feed_id IN ({feeds})" if feeds else ""
    if selection.kinds:
        sql += f" AND c.kind IN ({_marks(selection.kinds)})"
        values += selection.kinds
    if selection.since is not None:
        sql += " AND c.at>=%s"
        values.append(selection.since)
    if selection.until is not None:
        sql += " AND c.at<%s"
        values.append(selection.until)
    return sql, values


def of_records(selection: Selection) -> Conditions:
    """Return the conditions for ``records r``."""
    feeds, values = _feeds(selection)
    sql = f" AND r.id IN (SELECT record_id FROM sightings WHERE feed_id IN ({feeds}))" if feeds else ""
    if selection.since is not None:
        # A record's seq is that of its last change: where to begin is found in the log, whose rows are short.
        sql += " AND r.seq>=(SELECT seq FROM changes WHERE at>=%s ORDER BY seq LIMIT 1) AND r.updated_at>=%s"
        values += [selection.since] * 2
    if selection.until is not None:
        sql += " AND r.updated_at<%s"
        values.append(selection.until)
    if selection.langs:
        sql += " AND (" + " OR ".join("starts_with(r.lang||'-', %s::text||'-')" for _ in selection.langs) + ")"
        values += selection.langs
    if selection.topics:
        sql += " AND EXISTS (SELECT 1 FROM json_array_elements_text(r.topics) AS topic WHERE topic=ANY(%s))"
        values.append(list(selection.topics))
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
        conditions.append(f"EXISTS (SELECT 1 FROM json_array_elements_text(feeds.tags) AS tag WHERE tag IN ({marks}))")
        values += selection.tags
    sql = f"SELECT id FROM feeds WHERE {' AND '.join(conditions)}" if conditions else ""
    return sql, values


def _marks(values: Sequence[object]) -> str:
    return ",".join(["%s"] * len(values))
