"""The last step of a poll."""

from aggregator.model import PollOutcome
from aggregator.store.contract import Work
from aggregator.store.plan import Applied, plan_changes


def commit(work: Work, outcome: PollOutcome) -> Applied:
    """Write one poll: plan from what is known, apply, and set the feed's next poll (CR-18).

    The caller owns the transaction: all or none. Raises StaleClaimError when another claim took the poll over.
    """
    feed, applied = outcome.feed, Applied()
    if outcome.digest is not None:
        plan = plan_changes(outcome.digest, work.records.known(feed, outcome.digest), feed.id)
        applied = work.records.apply(plan, feed, outcome.finished_at)
    work.feeds.finish(outcome, applied)
    return applied
