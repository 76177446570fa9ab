"""The politeness audit: what polling cost each origin, and whether it kept to what was asked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from aggregator.model import FeedId, PastPoll

_UNCHANGED = 304


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginAudit:
    """One line of the table."""

    origin: str
    requests: int
    unchanged: int  # answers 304
    wire_bytes: int
    saved_bytes: int  # the last body seen of each feed, for every 304 after it
    obeyed: int  # polls that a hint of the server or the document put off, and that waited for it
    violations: int  # polls sooner than the floor or a hint allowed; a person may ask sooner, but never Retry-After

    @property
    def unchanged_rate(self) -> float:
        """The share of 304s, 0 to 1."""
        return self.unchanged / self.requests if self.requests else 0.0


def audit(polls: Iterable[PastPoll]) -> list[OriginAudit]:
    """Return the audit of ``polls``, which are in the order of time, the busiest origin first."""
    origins: dict[str, _Tally] = {}
    bodies: dict[FeedId, int] = {}
    for poll in polls:
        origins.setdefault(poll.origin, _Tally(poll.origin)).add(poll, bodies.get(poll.feed, 0))
        if poll.wire_bytes:
            bodies[poll.feed] = poll.wire_bytes
    lines = [tally.line() for tally in origins.values()]
    return sorted(lines, key=lambda line: (-line.requests, line.origin))


@dataclass(slots=True)
class _Tally:
    origin: str
    requests: int = 0
    unchanged: int = 0
    wire_bytes: int = 0
    saved_bytes: int = 0
    verdicts: list[bool] = field(default_factory=list)  # True: obeyed, False: violated

    def add(self, poll: PastPoll, body: int) -> None:
        self.requests += 1
        self.wire_bytes += poll.wire_bytes
        if poll.status == _UNCHANGED:
            self.unchanged += 1
            self.saved_bytes += body
        verdict = _verdict(poll)
        if verdict is not None:
            self.verdicts.append(verdict)

    def line(self) -> OriginAudit:
        return OriginAudit(
            origin=self.origin,
            requests=self.requests,
            unchanged=self.unchanged,
            wire_bytes=self.wire_bytes,
            saved_bytes=self.saved_bytes,
            obeyed=sum(self.verdicts),
            violations=len(self.verdicts) - sum(self.verdicts),
        )


def _verdict(poll: PastPoll) -> bool | None:
    """Whether a poll kept to its bounds; None where no hint put it off, or where a person wanted it sooner."""
    bounds = poll.bounds
    if bounds is None or (poll.asked and bounds.hint != "retry-after"):
        return None
    if bounds.hint_at is not None and poll.started_at < bounds.hint_at:
        return False
    if poll.started_at < bounds.floor_at and not poll.asked:
        return False
    return None if bounds.hint_at is None else True
