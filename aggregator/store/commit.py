"""The last step of a poll."""

from collections.abc import Sequence

from aggregator.model import FeedId, Notice, PollOutcome
from aggregator.store.contract import Work
from aggregator.store.plan import Applied, Known, plan_changes


def commit(work: Work, outcome: PollOutcome) -> Applied:
    """Write one poll: plan from what is known, apply, and set the feed's next poll (CR-18).

    The caller owns the transaction: all or none. Raises StaleClaimError when another claim took the poll over.
    """
    feed, applied, notices = outcome.feed, Applied(), outcome.notices
    if outcome.digest is not None:
        known = work.records.known(feed, outcome.digest)
        plan = plan_changes(outcome.digest, known, feed.id)
        applied = work.records.apply(plan, feed, outcome.finished_at)
        notices = confirmed(notices, known, feed.id)
    work.feeds.finish(outcome, applied)
    work.log.note(notices, feed, outcome.finished_at)
    return applied


def confirmed(notices: Sequence[Notice], known: Known, feed_id: FeedId) -> tuple[Notice, ...]:
    """Return the notices less a gap that is none: the stories are known from this feed, only their guids are new."""
    same_stories = any(kept.feed_id == feed_id for kept in known.kept.values())
    return tuple(notice for notice in notices if notice.kind != "gap" or not same_stories)
