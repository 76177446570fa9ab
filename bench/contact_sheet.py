"""``python -m bench.contact_sheet OUT.html``: 30 varied records of real feeds, to be looked at.

On the left the body as the feed wrote it (less what is alive), on the right our Markdown rendered back. The feeds are
those of ``../shared/corpus/feeds-real``; of each the entry with the most kinds of elements, and of all these the ones
that add most kinds. The page asks for nothing from the network: images are shown by their alt text and address.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import nh3
from markdown_it import MarkdownIt

from aggregator.model import Entry, Unreadable
from aggregator.normalize.article import normalize
from aggregator.parse import parse

CORPUS = Path(__file__).parents[1] / "../shared/corpus/feeds-real"
_RECORDS = 30
_MOST = 6_000  # characters of a body that are shown
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_ELEMENT = re.compile(r"<([a-z0-9]+)")
_IMAGE = re.compile(r"<img[^>]*>")
_ATTRIBUTE = re.compile(r' (?:src|alt|data-src|srcset)="([^"]+)"')
_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_STYLE = """
body { font: 14px/1.45 sans-serif; margin: 1em } section { display: flex; gap: 2em; border-top: 3px solid #888 }
article { flex: 1; min-width: 0; overflow-wrap: anywhere } h1 { font-size: 1.1em; color: #046 }
pre { background: #eee; white-space: pre-wrap } table { border-collapse: collapse } td, th { border: 1px solid #aaa }
blockquote { border-left: 3px solid #aaa; margin-left: 0; padding-left: 1em } .image { color: #080; font-size: .8em }
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    name: str
    title: str
    kinds: frozenset[str]
    before: str
    after: str


def sheet() -> str:
    """Return the page."""
    rows = "".join(
        f"<h1>{escape(shown.name)}: {escape(shown.title)}</h1>"
        f"<section><article>{shown.before}</article><article>{shown.after}</article></section>"
        for shown in _records()
    )
    return f"<!doctype html><meta charset=utf-8><title>Contact sheet</title><style>{_STYLE}</style>{rows}"


def _records() -> list[_Shown]:
    candidates = list(_candidates())
    chosen: list[_Shown] = []
    seen: set[str] = set()
    while candidates and len(chosen) < _RECORDS:
        best = max(candidates, key=lambda shown: (len(shown.kinds - seen), len(shown.kinds)))
        seen |= best.kinds
        if not best.kinds - seen and len(chosen) % 10 == 9:
            seen.clear()
        chosen.append(best)
        candidates.remove(best)
    return chosen


def _candidates() -> Iterator[_Shown]:
    for path in sorted(CORPUS.rglob("*")):
        if path.is_dir() or path.suffix == ".tsv":
            continue
        feed = parse(path.read_bytes(), url="https://feed.example/", content_type=None, now=_NOW)
        entries = [] if isinstance(feed, Unreadable) else [entry for entry in feed.entries if _kinds(entry)]
        if entries:
            yield _shown(path.name, max(entries, key=lambda entry: len(_kinds(entry))))


def _kinds(entry: Entry) -> frozenset[str]:
    body = entry.content or entry.summary
    is_short = body is not None and body.html and len(body.value) < _MOST
    return frozenset(_ELEMENT.findall(body.value)) if body and is_short else frozenset()


def _shown(name: str, entry: Entry) -> _Shown:
    article = normalize(entry)
    body = entry.content or entry.summary
    before = nh3.clean(body.value if body else "", tags=nh3.ALLOWED_TAGS | {"dl", "dt", "dd", "figure", "figcaption"})
    return _Shown(
        name=name,
        title=article.title,
        kinds=_kinds(entry),
        before=_IMAGE.sub(_image, before),
        after=_IMAGE.sub(_image, _MARKDOWN.render(article.body_md)),
    )


def _image(tag: re.Match[str]) -> str:
    return f'<span class="image">[image {" ".join(_ATTRIBUTE.findall(tag.group()))}]</span>'


def main() -> None:
    """Write the page to the file that is named."""
    Path(sys.argv[1]).write_text(sheet(), encoding="utf-8")


if __name__ == "__main__":
    main()
