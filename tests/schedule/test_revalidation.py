"""Whether a server that keeps saying "nothing has changed" is believed."""

from dataclasses import replace

from aggregator.model import Rhythm
from aggregator.schedule.revalidation import validators_to_send
from tests.schedule.making import DAY, HOUR, NOW, POLICY, VALIDATORS, a_document, a_feed, not_modified, polled

PROBING = replace(POLICY, trust_unchanged=14 * DAY)
LIVELY = a_feed(rhythm=Rhythm(gap=HOUR, body_at=NOW))


def test_validators_are_always_sent_unless_the_operator_allows_a_probe() -> None:
    """CR-24: off by default; CR-01."""
    assert validators_to_send(LIVELY, POLICY, NOW + 400 * DAY) == VALIDATORS


def test_a_feed_that_used_to_change_is_probed_once_and_then_trusted_again() -> None:
    """CR-24: one whole document after the time that was allowed; a 304 meanwhile is no proof."""
    assert validators_to_send(LIVELY, PROBING, NOW + 13 * DAY) == VALIDATORS
    same = polled(LIVELY, not_modified(), at=NOW + 13 * DAY).feed
    assert validators_to_send(same, PROBING, NOW + 14 * DAY) is None
    probed = polled(same, a_document(), at=NOW + 14 * DAY).feed
    assert validators_to_send(probed, PROBING, NOW + 27 * DAY) == VALIDATORS


def test_a_feed_without_a_rhythm_may_well_not_change() -> None:
    """CR-24: only feeds that used to change."""
    still = replace(LIVELY, rhythm=Rhythm(body_at=NOW))
    assert validators_to_send(still, PROBING, NOW + 400 * DAY) == VALIDATORS
