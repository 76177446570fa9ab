"""Reading documents, by every reader: the guard, the fast path beside feedparser, JSON Feed, sitemaps."""

from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from aggregator.model import ParsedFeed, Unreadable
from aggregator.parse import parse
from aggregator.parse.charset import decode
from tests.fuzz.markup import FEEDS, TOKENS
from tests.fuzz.mutation import mutated
from tests.fuzz.promises import check_feed
from tests.fuzz.trial import Target
from tests.parse.build import NOW, URL
from tests.parse.test_strict import DECLINED, TAKEN, both

_FILES = sorted(Path(__file__).with_name("seeds").iterdir())
_SEEDS = (*(path.read_text() for path in _FILES), *TAKEN.values(), *DECLINED.values())
_ENCODINGS = (*["utf-8"] * 8, "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "koi8-r", "cp932", "cp037")
_TYPES = (None, None, "application/xml", "text/html; charset=iso-8859-1", "a/b; charset=utf-7", "x; charset='\x00'")
_MOST = 20  # entries
_KINDS = {"empty", "not-a-feed", "malformed", "too-large"}


@dataclass(frozen=True, slots=True)
class Case:
    """A document as it arrives."""

    body: bytes
    content_type: str | None


@st.composite
def _cases(draw: DrawFn) -> Case:
    text = draw(mutated(_SEEDS, TOKENS) | FEEDS)
    encoding = draw(st.sampled_from(_ENCODINGS))
    body = text.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "replace")
    if draw(st.integers(0, 9)) == 0:
        body = draw(mutated([body], st.binary(max_size=4)))
    return Case(body, draw(st.sampled_from(_TYPES)))


def check(case: Case) -> None:
    """XM-17, XM-18, XM-27, XM-29: a feed whose every value keeps its promise, or why not.

    The fast path is equal to feedparser.
    """
    parsed = parse(case.body, url=URL, content_type=case.content_type, now=NOW, max_entries=_MOST)
    if isinstance(parsed, Unreadable):
        assert parsed.kind in _KINDS
        assert 0 < len(parsed.message) < 400
    else:
        assert isinstance(parsed, ParsedFeed)
        check_feed(parsed, most_entries=_MOST)
    text = decode(case.body, case.content_type).lstrip()
    if text.startswith(("{", "[")):
        return
    read = both(text)
    if read is not None and read[0] is not None:
        assert read[0] == read[1]


DOCUMENTS = Target(name="documents", cases=_cases(), check=check, seconds=8.0)
