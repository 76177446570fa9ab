"""Text that a terminal or a log line shows and never obeys."""

import re

# Controls, invisible format characters (bidi, zero-width, tags), surrogates, line and paragraph separators, fillers.
_OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\u3164\ud800-\udfff\ufe00-\ufe0e\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]"
)


def printable(text: str) -> str:
    """Return one line that shows itself: what a terminal could obey is written as an escape such as ``\\x1b``.

    Covers C0 and C1 controls, so ANSI, OSC and DCS sequences (OI-12), line ends (OI-14), bidirectional controls,
    zero-width and tag characters (OI-13). Text that is only letters, marks and spaces is returned as it is.
    """
    return _OBEYED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
