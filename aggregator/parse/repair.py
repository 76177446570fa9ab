"""The commonest flaw in feeds, mended: ampersands that start no reference XML knows."""

import html
import re

# CDATA and comments are matched first, to pass over what they hold.
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    r"|&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)(?:([A-Za-z][A-Za-z0-9]{1,30});)?",
    re.DOTALL,
)


def with_sound_references(text: str) -> str:
    """Return the text with HTML's named references as numbers, and every other stray ampersand escaped."""
    return _AMPERSAND.sub(_mended, text)


def _mended(match: re.Match[str]) -> str:
    if match[0][0] == "<":
        return match[0]
    named = html.unescape(match[0]) if match[1] else ""
    if named and named != match[0] and "&" not in named:
        return "".join(f"&#{ord(character)};" for character in named)
    return "&amp;" + match[0][1:]
