"""An entry's content made clean: title, body, text, summary."""

import re
from collections import Counter
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
    removed: Counter[str] = Counter()
    body, text = _body(entry.content, removed, rules)
    summary = _summary(entry.summary, removed, rules) if body else ""
    if not body:
        body, text = _body(entry.summary, removed, rules)
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


def _body(content: Content | None, removed: Counter[str], rules: Path | None) -> tuple[str, str]:
    """Markdown and plain text; ``removed`` counts what was taken out of either."""
    if content is None:
        return "", ""
    markup = without_images(_as_markup(content, removed), removed, rules)
    said = markup_text(markup)
    cuts = boilerplate(said, rules)
    if cuts:
        removed.update(cut.rule for cut in cuts)
        markup = without_endings(markup, said, cuts)
    return to_markdown(markup), without_cuts(said, cuts)


def _as_markup(content: Content, removed: Counter[str]) -> str:
    """Safe HTML. Text has its line breaks for structure, whatever type the feed gave it."""
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
