"""Texts without their addresses, whose words say nothing of what a text is about and are no names."""

import re

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.-]{0,64}", re.IGNORECASE)


# What UTF-8 looks like that was read as Windows-1252.
_MISREAD = {"â€™": "’", "â€˜": "‘", "â€œ": "“", "â€": "”"}


_CODE_LINE = re.compile(r"^(?=[^\n]*[=({})<>*])[^\n]*[;{}][ \t]*$", re.MULTILINE)


def without_code(text: str) -> str:
    """Return a text with lines of code made empty: what ends in a semicolon or a brace, and has another sign of it."""
    return _CODE_LINE.sub("", text) if ";\n" in text or "}" in text else text


def without_addresses(text: str) -> str:
    """Return a text with a space for each URL and each mail address, and its quotes mended where they were misread."""
    if "â€" in text:
        for wrong, meant in _MISREAD.items():
            text = text.replace(wrong, meant)
    if "://" in text or "@" in text or "www." in text:
        return _ADDRESS.sub(" ", text)
    return text
