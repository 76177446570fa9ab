"""When to try again, and when to give up."""

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Delivery, Seq
from aggregator.publish.retrying import Refusal, after_failure
from tests.publish.making import NOW

DAYS = timedelta(days=3)
HOUR = timedelta(hours=1)


def tries(chance: float, refusal: Refusal) -> list[Delivery]:
    """Return every try of a change that nobody ever takes."""
    made: list[Delivery] = []
    now = NOW
    while not made or made[-1].dead_at is None:
        before = made[-1] if made else None
        made.append(after_failure(before, Seq(1), refusal, now, retry_for=DAYS, chance=chance))
        now = made[-1].next_try_at
    return made


@given(st.floats(0, 1))
def test_waits_double_up_to_an_hour_for_days_and_then_it_is_dead(chance: float) -> None:
    made = tries(chance, Refusal(message="no"))
    moments = [NOW, *(each.next_try_at for each in made)]
    waits = [later - earlier for earlier, later in pairwise(moments)]
    assert timedelta(seconds=2.4) < waits[0] <= timedelta(seconds=5)
    assert waits == sorted(waits)
    assert waits[-1] <= HOUR
    assert waits[-1] >= HOUR / 2
    dead_at = made[-1].dead_at
    assert dead_at is not None
    assert DAYS <= dead_at - NOW <= DAYS + HOUR
    assert [each.tries for each in made] == list(range(1, len(made) + 1))


def test_nothing_is_tried_before_the_receiver_wants_it() -> None:
    """Retry-After, whatever our own wait would be."""
    later = after_failure(
        None, Seq(1), Refusal(message="busy", wait=6 * HOUR), NOW, retry_for=DAYS, chance=0.5
    ).next_try_at
    assert later == NOW + 6 * HOUR
