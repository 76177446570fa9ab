"""The last step of a poll."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.model import Digest, Feed, FeedId, Identity, Notice, PollOutcome
from aggregator.store.contract import StalePlanError, Work
from aggregator.store.plan import Applied, Glimpse, Known, Plan, plan_changes

_PATIENCE = 2  # times that a feed's guids may fail before they are ignored for good: once may be a move (ID-12, ID-13)


def commit(work: Work, outcome: PollOutcome) -> Applied:
    """Write one poll: plan from what is known, apply, and set the feed's next poll (CR-18).

    The caller owns the transaction: all or none. Raises StaleClaimError when another claim took the poll over.
    """
    feed, applied, notices = outcome.feed, Applied(), outcome.notices
    if outcome.digest is not None:
        digest = outcome.digest
        plan, known, applied = _applied(
            work, feed, digest, outcome.finished_at, lambda known: plan_changes(digest, known, feed.id)
        )
        notices = confirmed(notices, plan, known, feed.id)
        if outcome.raw is not None:
            work.raw.keep(feed.id, outcome.raw, outcome.finished_at, fresh=bool(outcome.digest.drafts))
        outcome = replace(outcome, feed=_trusted(feed, plan))
        work.subscriptions.offered(feed.id, outcome.offer)
    work.feeds.finish(outcome, applied)
    if notices:
        work.log.note(notices, feed, outcome.finished_at)
    return applied


def commit_push(
    work: Work, feed: Feed, digest: Digest, *, wire_bytes: int, started: datetime, now: datetime
) -> Applied:
    """Write what a hub pushed for a claimed feed. What is not in it is not gone (WS-18), as if the rest were there too.

    The caller owns the transaction: all or none. Raises StaleClaimError when another claim took the feed over.
    """
    pushed = {identity.guid_hash for identity in digest.identities}

    def plan(known: Known) -> Plan:
        rest = tuple(_unmoved(glimpse) for glimpse in known.window if glimpse.guid_hash not in pushed)
        whole = replace(digest, known=(*digest.known, *rest), chronological=False)
        seen_again = tuple(identity.guid_hash for identity in digest.known)
        return replace(plan_changes(whole, known, feed.id), seen_again=seen_again)

    _, _, applied = _applied(work, feed, digest, now, plan)
    work.pushes.finish(feed, applied, wire_bytes=wire_bytes, started=started, now=now)
    return applied


def _applied(
    work: Work, feed: Feed, digest: Digest, now: datetime, plan_from: Callable[[Known], Plan]
) -> tuple[Plan, Known, Applied]:
    """Plan and apply; once more where another process brought the same stories meanwhile (DD-12)."""
    known = work.records.known(feed, digest)
    plan = plan_from(known)
    try:
        return plan, known, work.records.apply(plan, feed, now)
    except StalePlanError:
        known = work.records.known(feed, digest)
        plan = plan_from(known)
        return plan, known, work.records.apply(plan, feed, now, again=True)


def _unmoved(glimpse: Glimpse) -> Identity:
    return Identity(
        guid=glimpse.guid, guid_hash=glimpse.guid_hash, match_key="", canonical_source="", link=glimpse.link
    )


def confirmed(notices: Sequence[Notice], plan: Plan, known: Known, feed_id: FeedId) -> tuple[Notice, ...]:
    """Return the notices less a gap that is none: the stories are known from this feed, only their guids are new."""
    met = [seen.record for seen in plan.seen if not isinstance(seen.record, str)]
    same_stories = any(known.kept[record].feed_id == feed_id for record in met)
    return tuple(notice for notice in notices if notice.kind != "gap" or not same_stories)


def _trusted(feed: Feed, plan: Plan) -> Feed:
    """Return the feed, its guids ignored from now on where they failed too often (ID-08, ID-13)."""
    if not plan.distrusted or feed.identity == "link":
        return feed
    distrust = feed.distrust + 1
    return replace(feed, distrust=distrust, identity="link" if distrust >= _PATIENCE else feed.identity)
