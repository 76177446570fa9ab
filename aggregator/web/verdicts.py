"""How a feed does, as a word for people."""

from datetime import datetime

from aggregator.schedule.verdict import Signs, Verdict, verdict
from aggregator.store.browsing import FeedCard

_WORDS: dict[Verdict, str] = {
    "ok": "working",
    "quiet": "quiet",
    "behind": "polled late",
    "dead": "silent for long",
    "new": "not polled yet",
    "paused": "paused",
}
_STATES = {"slow-down": "asked to slow down", "not-a-feed": "not a feed"}
_MOODS: dict[Verdict, str] = {"ok": "good", "quiet": "idle", "new": "idle", "paused": "idle"}


def mood_and_word(card: FeedCard, now: datetime) -> tuple[str, str]:
    """Return "good", "idle" or "bad", and what is said."""
    signs = Signs(
        state=card.state,
        is_active=card.active,
        polled_at=card.last_poll_at,
        read_at=card.last_ok_at,
        due_at=card.next_poll_at,
        gap=card.gap,
        newest_at=card.newest_at,
    )
    told = verdict(signs, now)
    return _MOODS.get(told, "bad"), _WORDS.get(told) or _STATES.get(card.state, card.state)
