"""The readable part of a record's address."""

import hashlib

from aggregator.text.slugs import ascii_slug, shortened

_MOST = 100  # characters
_HEX = 8
# Addresses that pages of a site want for themselves, and file names that some systems refuse (OI-15).
_RESERVED = frozenset(
    (
        *("index", "feed", "feeds", "con", "prn", "aux", "nul"),
        *(f"{device}{number}" for device in ("com", "lpt") for number in range(10)),
    )
)


def slugify(title: str, match_key: str) -> str:
    """Return the title in lower-case ASCII words joined by hyphens: at most 100 characters, cut between words.

    Other scripts are transliterated, apostrophes vanish. A title that leaves nothing gives ``story-`` and a hash of the
    match key.
    """
    slug = ascii_slug(title, most=_MOST)
    if not slug:
        return f"story-{_hash(match_key)}"
    return with_suffix(slug, match_key) if slug in _RESERVED else slug


def with_suffix(slug: str, match_key: str) -> str:
    """Return the slug for a story whose wished one is taken: the same story gets the same, within 100 characters."""
    return f"{shortened(slug, most=_MOST - _HEX - 1)}-{_hash(match_key)}"


def _hash(match_key: str) -> str:
    return hashlib.blake2b(match_key.encode(errors="replace"), digest_size=_HEX // 2).hexdigest()
