"""How late stories are found, as the polls of a feed tell it."""

from dataclasses import replace
from datetime import timedelta

from aggregator.model import Draft
from aggregator.store.browsing import Day
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll
from tests.store.places import Place

URL, OTHER = "https://a.example/feed", "https://b.example/feed"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def a_story(number: int, late: timedelta | None, **details: object) -> Draft:
    return replace(
        a_draft(f"a.example/{number}", title=f"Story {number}"),
        published_at=None if late is None else NOW - late,
        details=details,
    )


def days(place: Place, *stories: Draft) -> tuple[Day, ...]:
    """Return what is known of a feed that had one story yesterday, and has these today."""
    with a_store(place, URL) as store:
        first = a_story(0, 400 * DAY)
        poll(store, URL, a_digest(first), NOW - DAY)
        poll(store, URL, a_digest(first, *stories), NOW)
        with store.read() as work:
            (card,) = work.browsing.feeds(after=-1, limit=9, since=NOW - 9 * DAY)
    return card.days


def test_the_delay_of_a_day_is_that_of_its_middle_story(place: Place) -> None:
    """One that is given an old date is no measure of the others; and a feed's past is none of how late it is."""
    late = [a_story(1, MINUTE), a_story(2, 5 * MINUTE), a_story(3, 900 * DAY)]
    assert days(place, *late) == (Day(day=NOW.date(), new=3, delay=5 * MINUTE),)


def test_dates_that_are_guessed_or_name_a_day_only_or_are_still_to_come_tell_nothing(place: Place) -> None:
    midnight = NOW - NOW.replace(hour=0, minute=0, second=0, microsecond=0)
    vague = [
        a_story(1, None),
        a_story(2, MINUTE, date_flags=("tz_guessed",)),
        a_story(3, midnight),
        a_story(4, -MINUTE),
    ]
    assert days(place, *vague) == (Day(day=NOW.date(), new=4, delay=None),)


def test_the_polls_of_a_day_count_as_much_as_they_brought(place: Place) -> None:
    with a_store(place, URL) as store:
        poll(store, URL, a_digest(a_story(0, None)), NOW - DAY)
        poll(store, URL, a_digest(*(a_story(n, 10 * MINUTE) for n in range(3))), NOW)
        poll(store, URL, a_digest(a_story(9, timedelta())), NOW + 50 * MINUTE)
        poll(store, URL, a_digest(a_story(9, timedelta())), NOW + 60 * MINUTE)
        with store.read() as work:
            card = work.browsing.feed(work.browsing.feeds(after=-1, limit=1, since=NOW)[0].source.id, since=NOW)
        assert card is not None
        assert card.days == (Day(day=NOW.date(), new=3, delay=(2 * 10 * MINUTE + 50 * MINUTE) / 3),)
