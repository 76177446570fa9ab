"""Text in any script as lower-case ASCII words joined by hyphens."""

import re

from anyascii import anyascii

_IDEOGRAPH = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_APOSTROPHE = re.compile("['’‘ʼ`´]")
_NO_WORD = re.compile(r"[^a-z0-9]+")


def ascii_slug(text: str, *, most: int) -> str:
    """Return the text transliterated to ``[a-z0-9-]``, at most so many characters, cut between words.

    Apostrophes vanish ("don't" is one word). Empty where nothing can be transliterated.
    """
    return shortened(_NO_WORD.sub("-", _ascii(text).lower()).strip("-"), most=most)


def shortened(slug: str, *, most: int) -> str:
    """Return the leading whole words of a slug that fit; a longer first word is cut."""
    if len(slug) <= most:
        return slug
    whole_words = slug[: most + 1].rpartition("-")[0]
    return whole_words or slug[:most]


def _ascii(text: str) -> str:
    text = _APOSTROPHE.sub("", text)
    # Each ideograph is a word of its own; anyascii would join them.
    return text if text.isascii() else anyascii(_IDEOGRAPH.sub(r" \g<0> ", text))
