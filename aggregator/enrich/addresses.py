"""Texts without their addresses, whose words say nothing of what a text is about and are no names."""

import re

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.-]{0,64}", re.IGNORECASE)


def without_addresses(text: str) -> str:
    """Return a text with a space for each URL and each mail address."""
    if "://" in text or "@" in text or "www." in text:
        return _ADDRESS.sub(" ", text)
    return text
