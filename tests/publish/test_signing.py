"""Signatures as Standard Webhooks say."""

import base64
from datetime import UTC, datetime

from aggregator.publish.signing import message_id, signed_headers
from tests.publish.making import NOW


def test_the_signature_of_the_specification_comes_out() -> None:
    """The vector that the reference libraries are tested with."""
    headers = signed_headers(
        b'{"test": 2432232314}',
        ident="msg_p5jXN8AQM9LWM0D4loKWxJek",
        at=datetime.fromtimestamp(1614265330, UTC),
        key=base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_a_message_has_one_id_and_every_message_its_own() -> None:
    """OI-10: by which a receiver tells a repetition."""
    assert message_id("a", 1, NOW) == message_id("a", 1, NOW)
    assert len({message_id(name, seq, NOW) for name in ("a", "b") for seq in (1, 2, 11)}) == 6
