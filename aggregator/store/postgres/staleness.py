"""Whether what was planned upon is as it was."""

from dataclasses import replace

from aggregator.store.contract import StalePlanError
from aggregator.store.plan import Plan
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


def expect_true(sql: Sql, plan: Plan) -> None:
    """Be alone from here on. Raises StalePlanError where what was planned upon has changed before that.

    A plan that changes nothing but when entries were last seen is true whatever others do.
    """
    if plan == replace(_NOTHING, seen_again=plan.seen_again, distrusted=plan.distrusted):
        return
    changed = [*(each.kept for each in plan.updated), *(each.kept for each in plan.touched), *plan.retracted]
    changed += [kept for merge in plan.merged for kept in (merge.gone, merge.into)]
    seen = {*(each.record for each in plan.seen), *(each.record for each in plan.aliases)}
    kept: dict[int, tuple[int | None, bool | None]] = {
        story: (None, None) for story in seen if not isinstance(story, str)
    }
    kept |= {each.id: (each.revision, each.retracted) for each in changed}
    new = [item.draft.identity.match_key for item in plan.new]
    keys = new + [alias.match_key for alias in plan.aliases]
    told = [(ident, *state) for ident, state in kept.items()]
    taken = {"keys": keys, "slugs": [item.slug for item in plan.new], "new": new}
    with sql.pipeline():  # a statement sees what was committed before it began: after the wait
        hold(sql, WRITING_THE_LOG)
        asked = [sql.execute(_CHANGED, unzipped(told, 3))] if told else []
        asked += [sql.execute(_TAKEN, taken)] if keys else []
    if any(number for each in asked for (number,) in each):
        raise StalePlanError
