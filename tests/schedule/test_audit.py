"""The politeness audit."""

from aggregator.model import Bounds, FeedId, PastPoll
from aggregator.schedule.audit import OriginAudit, audit
from tests.schedule.making import HOUR, NOW


def a_poll(
    hours: float, status: int | None = 304, *, floor: float = 0, hint: tuple[str, float] | None = None, **fields: object
) -> PastPoll:
    """Return a poll of an origin so many hours from now, with bounds in hours too."""
    name, hint_hours = hint or (None, 0)
    values: dict[str, object] = {
        "origin": "a.example",
        "feed": FeedId(1),
        "started_at": NOW + hours * HOUR,
        "status": status,
        "wire_bytes": 0,
        "asked": False,
        "bounds": Bounds(floor_at=NOW + floor * HOUR, hint_at=NOW + hint_hours * HOUR if name else None, hint=name),
    }
    return PastPoll(**values | fields)  # type: ignore[arg-type]


def judged(poll: PastPoll) -> tuple[int, int]:
    """Return (hints obeyed, violations) of one poll."""
    (line,) = audit([poll])
    return line.obeyed, line.violations


def test_requests_are_counted_by_origin_and_saved_bytes_estimated_by_feed() -> None:
    """The last body of a feed is what its 304s spared; the busiest origin comes first."""
    other = FeedId(2)
    polls = [
        a_poll(0, 200, wire_bytes=1000, bounds=None),
        a_poll(0, 200, wire_bytes=50, feed=other, origin="b.example", bounds=None),
        a_poll(1),
        a_poll(2),
        a_poll(3, 200, wire_bytes=2000),
        a_poll(4),
        a_poll(5, 500),
        a_poll(6, None),
    ]
    line = OriginAudit(
        origin="a.example", requests=7, unchanged=3, wire_bytes=3000, saved_bytes=4000, obeyed=0, violations=0
    )
    assert audit(polls)[0] == line
    assert [line.origin for line in audit(polls)] == ["a.example", "b.example"]
    assert round(line.unchanged_rate, 2) == 0.43
    assert audit([]) == []


def test_a_poll_below_the_floor_is_a_violation() -> None:
    """SC-03: a moment too soon is too soon; who asks by hand may (SC-05)."""
    assert judged(a_poll(1, floor=1)) == (0, 0)
    assert judged(a_poll(0.9997, floor=1)) == (0, 1)
    assert judged(a_poll(0.9997, floor=1, asked=True)) == (0, 0)


def test_hints_are_obeyed_or_violated() -> None:
    """SC-06, ST-01: nobody may ask before Retry-After has passed (SC-05)."""
    assert judged(a_poll(3, hint=("max-age", 3))) == (1, 0)
    assert judged(a_poll(2, hint=("max-age", 3))) == (0, 1)
    assert judged(a_poll(2, hint=("max-age", 3), asked=True)) == (0, 0)
    assert judged(a_poll(2, hint=("retry-after", 3), asked=True)) == (0, 1)
    assert judged(a_poll(3, hint=("retry-after", 3), asked=True)) == (1, 0)
