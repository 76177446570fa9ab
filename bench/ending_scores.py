"""Boilerplate that is left of labelled endings, and story that went with it."""

import functools
from dataclasses import dataclass

from aggregator.model import Article, Content, Entry
from aggregator.normalize.article import normalize
from aggregator.normalize.standing import without_standing
from aggregator.text.plain import clean_text, plain_text
from bench.label_files import Ending, document, find, letters, short_hash
from bench.record_scores import enriched

_ANCHOR = 30  # letters of the story's end that are looked for in what we made of it
_MOST_LOST = 400  # letters
_PIECE = 15  # letters of boilerplate that a summary holds by no accident
HASHED = 60  # letters


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedEnding:
    """One ending judged."""

    label: Ending
    title: str
    left: str  # boilerplate letters that are left in the text
    summary: str  # the summary, where it holds boilerplate
    lost: str  # letters at the end of the story that the text holds no longer


def judge_ending(label: Ending) -> JudgedEnding:
    """Return what we leave of the ending. Raises LookupError where the feed's text is not the one that was labelled."""
    source = find(label.place)
    stated = letters(stated_text(source.entry, label.part))
    if short_hash(stated[-HASHED:]) != label.hash:
        raise LookupError(f"{label.place.file}, entry {label.place.entry}: its {label.part} has another ending")
    boilerplate = stated[len(stated) - label.boilerplate :]
    story = stated[: len(stated) - label.boilerplate - label.optional]
    article = _articles(label.place.file)[document(label.place.file).index(source.entry)]
    is_body = label.part == "content" or not article.summary
    ours = letters(article.text if is_body else article.summary)
    lost = _lost(story, ours)
    kept = story[: len(story) - lost]
    after = ours[ours.rfind(kept[-_ANCHOR:]) + len(kept[-_ANCHOR:]) :]
    return JudgedEnding(
        label=label,
        title=article.title,
        left=after[label.optional :] if label.boilerplate and not lost else "",
        summary=summary if _holds(summary := enriched(article, source).summary, boilerplate, story) else "",
        lost=story[len(story) - lost :],
    )


@functools.lru_cache(maxsize=8)
def _articles(file: str) -> list[Article]:
    """The articles of a document, as they are read together."""
    return without_standing([normalize(entry) for entry in document(file)])


def stated_text(entry: Entry, part: str) -> str:
    """Return the text of the entry's content or summary, before any rule of ours for boilerplate."""
    content: Content | None = entry.content if part == "content" else entry.summary
    if content is None:
        return ""
    return plain_text(content.value) if content.html else clean_text(content.value)


def _lost(story: str, ours: str) -> int:
    """How many letters at its end must be taken from the story to find the rest's end in ours."""
    most = min(_MOST_LOST, len(story))
    return next((n for n in range(most) if story[: len(story) - n][-_ANCHOR:] in ours), most)


def _holds(summary: str, boilerplate: str, story: str) -> bool:
    said = letters(summary)
    if len(boilerplate) < _PIECE:
        return bool(boilerplate) and said.endswith(boilerplate) and not story.endswith(boilerplate)
    pieces = (boilerplate[n : n + _PIECE] for n in range(len(boilerplate) - _PIECE + 1))
    return any(piece in said and piece not in story for piece in pieces)
