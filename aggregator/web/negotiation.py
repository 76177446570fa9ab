"""Which form of a record an ``Accept`` header asks for (RFC 9110, 12.5.1)."""

from collections.abc import Sequence


def preferred(accept: str, offers: Sequence[str]) -> str:
    """Return the offer that is liked most, the first of equals; the first one where none is liked at all."""
    ranges = [_range(each) for each in accept.split(",") if each.strip()]
    liked = [(_quality(offer, ranges), -place, offer) for place, offer in enumerate(offers)]
    best, _, offer = max(liked)
    return offer if best > 0 else offers[0]


def _range(text: str) -> tuple[str, float]:
    media, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return media, min(1.0, max(0.0, float(quality)))
    except ValueError:
        return media, 0.0


def _quality(offer: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the quality that the most specific range gives."""
    for wanted in (offer, f"{offer.partition('/')[0]}/*", "*/*"):
        qualities = [quality for media, quality in ranges if media == wanted]
        if qualities:
            return max(qualities)
    return 0.0
