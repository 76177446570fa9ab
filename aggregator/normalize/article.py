"""An entry's content made clean: title, body, text, summary."""

import re
from collections import Counter
from collections.abc import Sequence
from html import escape, unescape
from pathlib import Path

from aggregator.model import Article, Content, Entry
from aggregator.normalize.concealed import HIDDEN
from aggregator.normalize.html import sanitise, visible
from aggregator.normalize.markdown import to_markdown
from aggregator.text.boilerplate import boilerplate, without_boilerplate, without_cuts
from aggregator.text.invisible import invisible_flags
from aggregator.text.litter import without_endings, without_images
from aggregator.text.plain import clean_text, markup_text, one_line, plain_text
from aggregator.text.sentences import sentences

_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_TITLE_WORDS = 100  # characters of text that stand in for a title
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)


def normalize(entry: Entry, rules: Path | None = None) -> Article:
    """Return the entry's clean content. The body is the content, or the summary where there is no content.

    ``rules`` is the file of boilerplate rules of the operator's own, if there is one.

    ``title`` is never empty: failing the feed's, it is the first sentence, the link without its scheme, "Untitled".
    ``summary`` is empty where the summary is the body.
    """
    return normalize_all([entry], rules)[0]


def normalize_all(entries: Sequence[Entry], rules: Path | None = None) -> list[Article]:
    """Return what ``normalize`` does of each entry.

    Step by step for all of them: what a step works with stays in the processor's cache.
    """
    removed = [Counter[str]() for _ in entries]  # what was taken out, and how often
    said = _said([(entry.content, counts) for entry, counts in zip(entries, removed, strict=True)], rules)
    summaries = [
        _summary(entry.summary, counts, rules) if body else ""
        for entry, (body, _), counts in zip(entries, said, removed, strict=True)
    ]
    without = [place for place, (body, _) in enumerate(said) if not body]
    instead = _said([(entries[place].summary, removed[place]) for place in without], rules)
    for place, body_and_text in zip(without, instead, strict=True):
        said[place] = body_and_text
    return [
        _article(entry, body, text, summary, counts)
        for entry, (body, text), summary, counts in zip(entries, said, summaries, removed, strict=True)
    ]


def _article(entry: Entry, body: str, text: str, summary: str, removed: Counter[str]) -> Article:
    title = _title(entry, text or summary)
    flags = ["hidden_text"] if removed.pop(HIDDEN, 0) else []
    for each in (title, text, summary):
        flags += invisible_flags(each)
    return Article(
        title=title,
        body_md=body,
        text=text,
        summary=summary,
        boilerplate=dict(removed),
        flags=tuple(dict.fromkeys(flags)),
    )


def _said(contents: Sequence[tuple[Content | None, Counter[str]]], rules: Path | None) -> list[tuple[str, str]]:
    """Return the Markdown and plain text of contents, and count what was taken out of either."""
    markups = [without_images(_as_markup(content, removed), removed, rules) for content, removed in contents]
    texts = [markup_text(markup) for markup in markups]
    kept = [
        _without_boilerplate(markup, text, removed, rules)
        for markup, text, (_, removed) in zip(markups, texts, contents, strict=True)
    ]
    return [(to_markdown(markup), text) for markup, text in kept]


def _without_boilerplate(markup: str, text: str, removed: Counter[str], rules: Path | None) -> tuple[str, str]:
    cuts = boilerplate(text, rules)
    if cuts:
        removed.update(cut.rule for cut in cuts)
        markup = without_endings(markup, text, cuts)
    return markup, without_cuts(text, cuts)


def _as_markup(content: Content | None, removed: Counter[str]) -> str:
    """Safe HTML. Text has its line breaks for structure, whatever type the feed gave it."""
    if content is None:
        return ""
    if content.html and "<" in content.value:
        return sanitise(content.value, content.base, removed)
    text = clean_text(unescape(content.value) if content.html else content.value).strip()
    if not text:
        return ""
    paragraphs = (escape(paragraph, quote=False).replace("\n", "<br>") for paragraph in _PARAGRAPHS.split(text))
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _summary(content: Content | None, removed: Counter[str], rules: Path | None) -> str:
    if content is None:
        return ""
    text = plain_text(visible(content.value, removed)) if content.html else clean_text(content.value)
    return one_line(without_boilerplate(text, rules))


def _title(entry: Entry, text: str) -> str:
    if entry.title is not None:
        value = entry.title.value
        stated = one_line(plain_text(value) if entry.title.html else value)
        if stated:
            return stated
    return _first_words(text) or _address(entry) or "Untitled"


def _first_words(text: str) -> str:
    spans = sentences(text[: 10 * _TITLE_WORDS])
    first = one_line(text[slice(*spans[0])]) if spans else ""
    if len(first) <= _TITLE_WORDS:
        return first
    return f"{first[:_TITLE_WORDS].rpartition(' ')[0] or first[:_TITLE_WORDS]}…"


def _address(entry: Entry) -> str:
    url = entry.link or next((each.url for each in entry.enclosures), "")
    return one_line(_SCHEME.sub("", url.partition("?")[0])).rstrip("/")
