"""What the measures of quality share: where gold is, how a row looks, and an article of some text."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.model import Article

CORPUS = Path(__file__).parents[1] / "../shared/corpus"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure."""

    what: str
    set: str
    items: int
    figure: str
    goal: str = ""
    met: bool = True


def lines(path: str) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines, none where it is absent."""
    file = CORPUS / path
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


def article(title: str, text: str) -> Article:
    """Return an article that says this, and has no summary of its own."""
    return Article(title=title, body_md=text, text=text, summary="")
