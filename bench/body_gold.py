"""``python -m bench.body_gold``: bodies and encodings beside the gold of ``../shared/corpus``; 1 when below a goal.

Words are pooled over a set: F1 of the words (with their number) that rendering our Markdown and the expected one shows,
less HTML comments and characters without width. Raw HTML in the expected Markdown is not asked for: ours has none.
Structure is F1 over headings, list items, table rows, code blocks and links, each with its words, of the pairs whose
expectation is Markdown: plain text states none. A link is compared by its absolute target;
one without target or words is none.

Pages are cut to their article first, by ``aggregator.extract``: their figures are those of both steps. The address of a
page, which its links and some rules go by, is the one that its first comment states, or else made of the fixture's name
as the set's own runner makes it.
An encoding is right where the text equals the one that Python's codec of the gold's name gives.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.extract.article import find_article
from aggregator.model import FullText
from aggregator.normalize.html import sanitise
from aggregator.normalize.markdown import to_markdown
from aggregator.parse.charset import decode
from bench.markdown_reading import parsed, structure, words

CORPUS = Path(__file__).parents[1] / "../shared/corpus"
_FRONT_MATTER = re.compile(r"\A```json\n.*?\n```\n", re.DOTALL)
_ADDRESS = re.compile(r'<!--\s*\{"url":\s*"([^"]+)"')
_GROUP = re.compile(r"\A[a-z]+--")
_LANGUAGE = re.compile(r"(?<=\d)-[a-z]{3,}\Z")  # "windows-1250-czech"
# What the gold's names mean; nothing where Python has no such codec.
_CODECS = {"TIS-620": "cp874", "SHIFT_JIS": "cp932", "GB2312": "gb18030", "EUC-KR": "cp949", "EUC-TW": "ascii"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured share, its goal (nothing where it is only told), and the files that cost most."""

    name: str
    value: float
    goal: float | None
    worst: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    name: str
    got: str
    want: str
    base: str


def figures() -> list[Figure]:
    """Measure everything."""
    bodies = [*_pairs("html-to-markdown", "md", _whole), *_pairs("soundasleep-html2text", "txt", _whole)]
    marked = [pair for pair in bodies if pair.name.startswith("html-to-markdown")]
    pages = list(_pairs("defuddle", "md", _article))
    return [
        _words("words of bodies", bodies, 0.97),
        _structure("structure of bodies", marked, 0.95),
        _words("words of pages", pages, 0.97),
        _structure("structure of pages", pages, 0.95),
        _words("words of both", bodies + pages, 0.97),
        _structure("structure of both", marked + pages, 0.95),
        _encodings(0.97),
    ]


def _whole(markup: str, _: str) -> str:
    return markup


def _article(page: str, url: str) -> str:
    return find_article(page, url, FullText())


def _pairs(folder: str, ending: str, cut: Callable[[str, str], str]) -> Iterator[_Pair]:
    for path in sorted((CORPUS / "html2md-gold" / folder).glob("*.html")):
        markup = path.read_text(encoding="utf-8")
        stated = _ADDRESS.search(markup)
        base = stated.group(1) if stated else f"https://{_GROUP.sub('', path.stem)}/"
        want = path.with_suffix(f".expected.{ending}").read_text(encoding="utf-8")
        got = to_markdown(sanitise(cut(markup, base), base))
        yield _Pair(name=f"{folder}/{path.stem}", got=got, want=_FRONT_MATTER.sub("", want), base=base)


def _words(name: str, pairs: list[_Pair], goal: float) -> Figure:
    return _pooled(name, {pair.name: (words(parsed(pair.got)), words(parsed(pair.want))) for pair in pairs}, goal)


def _structure(name: str, pairs: list[_Pair], goal: float) -> Figure:
    counted = {
        pair.name: (structure(parsed(pair.got), pair.base), structure(parsed(pair.want), pair.base)) for pair in pairs
    }
    return _pooled(name, counted, goal)


def _pooled(name: str, counted: Mapping[str, tuple[Counter[Any], Counter[Any]]], goal: float) -> Figure:
    shared = sum((got & want).total() for got, want in counted.values())
    both = sum(got.total() + want.total() for got, want in counted.values())
    cost = {file: (got - want).total() + (want - got).total() for file, (got, want) in counted.items()}
    worst = sorted(filter(cost.__getitem__, cost), key=cost.__getitem__, reverse=True)[:5]
    return Figure(
        name=name, value=2 * shared / both, goal=goal, worst=tuple(f"{file} ({cost[file]})" for file in worst)
    )


def _encodings(goal: float) -> Figure:
    folder = CORPUS / "encodings"
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = [
        row["path"] for row in rows if not _is_read(folder / row["path"], row["notes"].removeprefix("charset_gold="))
    ]
    return Figure(name="encodings", value=1 - len(wrong) / len(rows), goal=goal, worst=tuple(wrong[:5]))


def _is_read(path: Path, name: str) -> bool:
    body = path.read_bytes()
    encoding = _LANGUAGE.sub("", name)
    return decode(body, None) == body.decode(_CODECS.get(encoding, encoding), "replace").removeprefix("\ufeff")


def main() -> int:
    """Print the table; return 1 when a goal is missed."""
    measured = figures()
    for figure in measured:
        told = f"(goal {figure.goal:.2f})" if figure.goal else ""
        print(f"{figure.name:22} {figure.value:.3f} {told:12} {', '.join(figure.worst)}")
    return int(any(figure.goal and figure.value < figure.goal for figure in measured))


if __name__ == "__main__":
    sys.exit(main())
