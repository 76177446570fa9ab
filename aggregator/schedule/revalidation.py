"""Whether to believe a server that keeps saying "nothing has changed"."""

from datetime import datetime

from aggregator.model import Feed, Validators
from aggregator.schedule.policy import PollPolicy


def validators_to_send(feed: Feed, policy: PollPolicy, now: datetime) -> Validators | None:
    """Return the feed's validators, or None for one whole document where the last one is too long ago (CR-24).

    Only where the operator allows it, and never for a feed whose entries have no rhythm: it may well not change.
    """
    body_at = feed.rhythm.body_at
    if policy.trust_unchanged is None or body_at is None or feed.rhythm.gap is None:
        return feed.validators
    return None if now - body_at >= policy.trust_unchanged else feed.validators
