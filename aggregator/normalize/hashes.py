"""Two fingerprints: of what a feed stated, and of what a reader would notice."""

import hashlib
import re
from collections.abc import Iterable

from aggregator.model import Article, Content, Entry
from aggregator.text.churn import without_churn
from aggregator.text.plain import single_spaced

_SIZE = 16  # bytes (ID-14)
# Brackets in an alternative text and parentheses in a target are escaped; what has them is text.
_IMAGE = re.compile(r"!\[(?:\\.|[^\[\]\\])*\]\([^()\s]*\)")
_TARGET = re.compile(r"\]\(([^()\s]+)\)")
# What links are compared without. No match key: its rules change, and that is no edit (UR-39). These must not change.
_START = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_TRACKER = re.compile(
    r"(?<=[?&])(?:(?:utm|hsa|mtm|pk|vero|itm|oly|hmb)_[^&]*|(?:fb|[gdy]|ms|tw|ys)clid=[^&]*|mc_[ce]id=[^&]*)(?:&|\Z)",
    re.IGNORECASE,
)


def entry_hash(entry: Entry) -> bytes:
    """Return 16 bytes over what the feed stated of an entry; equal means that nothing has to be done.

    The date of publication is left out: feeds rewrite it without an edit (DT-27, DD-16).
    """
    enclosures = (f"{each.url} {each.type} {each.length}" for each in entry.enclosures)
    return _digest(
        _stated(entry.title),
        _stated(entry.content),
        _stated(entry.summary),
        entry.link or "",
        entry.updated.isoformat() if entry.updated else "",
        "\x1e".join(entry.categories),
        "\x1e".join(entry.authors),
        "\x1e".join(enclosures),
    )


def content_hash(article: Article) -> bytes:
    """Return 16 bytes over what a reader would notice: the words, and where the links lead (DD-03).

    Whitespace, tracking parameters, images, dates, topics, the feed's own summary, counters of views and comments and
    times relative to now make no difference.
    """
    words = single_spaced(without_churn(article.text))
    return _digest(without_churn(article.title), words, "\n".join(_targets(article.body_md)))


def _stated(content: Content | None) -> str:
    return content.value if content else ""


def _targets(markdown: str) -> Iterable[str]:
    if "](" not in markdown:
        return
    for target in _TARGET.findall(_IMAGE.sub("", markdown)):
        yield _lasting(target)


def _lasting(url: str) -> str:
    """The link without scheme, ``www.``, trackers, fragment and slash at the end."""
    plain = _START.sub("", url, count=1).partition("#")[0]
    if "?" in plain:
        plain = _TRACKER.sub("", plain).rstrip("?&")
    return plain.rstrip("/")


def _digest(*parts: str) -> bytes:
    return hashlib.blake2b("\x1f".join(parts).encode(errors="surrogatepass"), digest_size=_SIZE).digest()
