"""Whether what was planned upon is as it was."""

from collections.abc import Sequence
from dataclasses import replace

from aggregator.store.contract import StalePlanError
from aggregator.store.plan import Kept, Plan
from aggregator.store.postgres.arrays import texts
from aggregator.store.postgres.connection import Sql, unzipped
from aggregator.store.postgres.lock import WRITING_THE_LOG, hold

_NOTHING = Plan()
# What is planned upon is no more, has another revision, was merged, or was retracted or came back.
_CHANGED = """
SELECT count(*) FROM unnest(%s::bigint[], %s::int[], %s::boolean[]) k(id, revision, retracted)
WHERE NOT EXISTS (
    SELECT 1 FROM records r WHERE r.id=k.id AND r.merged_into IS NULL AND coalesce(k.revision=r.revision, true)
    AND coalesce(k.retracted=(r.retracted_at IS NOT NULL), true)
)
"""
# What is new is not any more. Counted, as a plan that stops at the first may well read the whole table.
_TAKEN = """
SELECT (SELECT count(*) FROM records WHERE match_key=ANY(%(keys)s))
    + (SELECT count(*) FROM records WHERE slug=ANY(%(slugs)s))
    + (SELECT count(*) FROM aliases WHERE match_key=ANY(%(new)s))
    + (SELECT count(*) FROM tombstones WHERE match_key=ANY(%(new)s) AND reason='pruned')
"""


def expect_true(sql: Sql, plans: Sequence[Plan]) -> None:
    """Be alone from here on. Raises StalePlanError where what was planned upon has changed before that.

    A plan that changes nothing but when entries were last seen is true whatever others do.
    """
    telling = [plan for plan in plans if not _only_sees_again(plan)]
    if not telling:
        return
    told = [row for plan in telling for row in _told(plan)]
    new = texts(item.draft.identity.match_key for plan in telling for item in plan.new)
    keys = [item.draft.identity.match_key for plan in telling for item in plan.new]
    keys += [alias.match_key for plan in telling for alias in plan.aliases]
    slugs = texts(item.slug for plan in telling for item in plan.new)
    with sql.pipeline():  # a statement sees what was committed before it began: after the wait
        hold(sql, WRITING_THE_LOG)
        asked = [sql.execute(_CHANGED, unzipped(told, 3))] if told else []
        asked += [sql.execute(_TAKEN, {"keys": texts(keys), "slugs": slugs, "new": new})] if keys else []
    if any(number for each in asked for (number,) in each):
        raise StalePlanError


def _only_sees_again(plan: Plan) -> bool:
    return plan == replace(_NOTHING, seen_again=plan.seen_again, distrusted=plan.distrusted)


def _told(plan: Plan) -> list[tuple[int, int | None, bool | None]]:
    """Return the records that a plan tells of, and what they have to be still: the revision, and whether retracted."""
    changed: list[Kept] = [*(each.kept for each in plan.updated), *(each.kept for each in plan.touched)]
    changed += [*plan.retracted, *(kept for merge in plan.merged for kept in (merge.gone, merge.into))]
    seen = {*(each.record for each in plan.seen), *(each.record for each in plan.aliases)}
    kept: dict[int, tuple[int | None, bool | None]] = {
        story: (None, None) for story in seen if not isinstance(story, str)
    }
    kept |= {each.id: (each.revision, each.retracted) for each in changed}
    return [(ident, *state) for ident, state in kept.items()]
