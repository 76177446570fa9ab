"""When to poll again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator.schedule.policy import LastPoll, PollPolicy, next_poll

NOW = datetime(2026, 6, 24, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
POLICY = PollPolicy(shortest=HOUR, usual=HOUR, longest=DAY)


def wait(policy: PollPolicy = POLICY, *, chance: float = 0.0, **last: object) -> timedelta:
    """Return how long until the next poll."""
    state = {"interval": None, "revalidates": True, **last}
    return next_poll(NOW, policy, LastPoll(**state), chance=chance) - NOW  # type: ignore[arg-type]


def test_a_feed_that_revalidates_is_polled_at_the_usual_interval() -> None:
    """SC-01."""
    assert wait() == HOUR


def test_a_feed_without_validators_is_polled_once_a_day() -> None:
    """SC-02, CR-09; the operator's own interval wins."""
    assert wait(revalidates=False) == DAY
    assert wait(revalidates=False, interval=2 * HOUR) == 2 * HOUR


def test_an_interval_of_the_feed_stays_within_the_walls() -> None:
    """SC-15: floor and cap."""
    assert wait(interval=5 * MINUTE) == HOUR
    assert wait(interval=30 * DAY) == DAY


def test_failures_double_the_wait_up_to_the_cap() -> None:
    """ST-27, ST-06."""
    assert [wait(failures=float(n)) // HOUR for n in range(7)] == [1, 1, 2, 4, 8, 16, 24]
    assert wait(failures=1e6) == DAY


def test_retry_after_is_a_minimum_and_has_a_cap() -> None:
    """ST-01, ST-03, ST-08."""
    assert wait(retry_after=3 * HOUR) == 3 * HOUR
    assert wait(retry_after=MINUTE) == HOUR
    assert wait(retry_after=88 * HOUR) == DAY


@given(
    chance=st.floats(0, 1, exclude_max=True),
    failures=st.floats(0, 1e9),
    interval=st.none() | st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400)),
    retry=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
)
def test_a_poll_is_never_early_and_never_far(
    chance: float, failures: float, interval: timedelta | None, retry: timedelta | None
) -> None:
    """SC-03, SC-12: jitter only adds, and nothing makes a feed vanish."""
    due = wait(chance=chance, failures=failures, interval=interval, retry_after=retry)
    assert HOUR <= due <= DAY * 1.25
