"""Categories and keywords before feedparser, which compares each with all before it: 100,000 take minutes (XM-29)."""

import re

from aggregator.parse.limits import CATEGORIES

_MOST = 2 * CATEGORIES  # of one entry; beyond the cap on purpose, so that the entry is still seen to be cut
_NAMES = ("category", "subject", "keywords", "tags")
_TAG = re.compile(
    rf"<(?:[\w.-]+:)?(?:(?P<entry>item|entry)\b|(?:{'|'.join(_NAMES)})\b"
    r"(?P<whole>[^<>]*(?:/>|>(?:\s*+<!\[CDATA\[(?P<cdata>[^\]]*+)\]\]>\s*+|(?P<text>[^<]*+))</[^<>]*>))?)",
    re.IGNORECASE,
)
_OPENING = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(_NAMES)})\b", re.IGNORECASE)
_LONG_LIST = re.compile(
    rf"<(?:[\w.-]+:)?(?:{'|'.join(_NAMES)})\b[^<>]*>\s*+(?:<!\[CDATA\[)?(?:[^<,]*+,){{{_MOST}}}",
    re.IGNORECASE,
)


def with_fewer_tags(text: str) -> str | None:
    """Return the document with no more than 200 tags in each entry; None where they are too tangled to take out.

    Terms that commas separate are counted singly, and a list of them is cut at its end. Linear in the text's length.
    """
    if len(_OPENING.findall(text)) <= _MOST and not _LONG_LIST.search(text):
        return text
    bound = _Bound()
    text = _TAG.sub(bound, text)
    return None if bound.tangled else text


class _Bound:
    """Replaces the tags that an entry has too many of."""

    __slots__ = ("_seen", "tangled")

    def __init__(self) -> None:
        self._seen = 0
        self.tangled = False

    def __call__(self, match: re.Match[str]) -> str:
        if match["entry"]:
            self._seen = 0
            return match[0]
        if self._seen >= _MOST:
            self.tangled = self.tangled or not match["whole"]
            return ""
        terms = (match["cdata"] or match["text"] or "").split(",", _MOST)
        self._seen += len(terms)
        return match[0] if len(terms) <= _MOST else match[0].replace("," + terms[-1], "", 1)
