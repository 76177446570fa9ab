"""Why a link cannot be kept, in words: what ``web_url`` answers with None."""

import re

from aggregator.url.check import FORBIDDEN, MAX_LENGTH, split_url, web_url

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_WEB = re.compile(r"https?://", re.IGNORECASE)


def refusal(raw: str) -> str | None:
    """Return why a link, standing alone, is not kept, with the case that says so; None where it is. Never raises."""
    return None if web_url(raw) else _reason(raw.strip())


def _reason(text: str) -> str:
    scheme = _SCHEME.match(text)
    if len(text) > MAX_LENGTH:
        return f"longer than {MAX_LENGTH} characters (UR-36)"
    if scheme and scheme[1].lower() not in {"http", "https"}:
        return f"the scheme {scheme[1].lower()}: leads to no web page (UR-33)"
    if not _WEB.match(text):
        return "not absolute: only the feed knows what it is relative to (UR-34)"
    if split_url(text.translate({ord(character): None for character in "\t\r\n"})) is None:
        return "a host or port that cannot be, or that parsers read differently (UR-26, UR-29, UR-32)"
    if FORBIDDEN.search(text):
        return "a backslash, control character or %00, which parsers read differently (UR-29, UR-37)"
    return f"longer than {MAX_LENGTH} characters once encoded (UR-36)"
