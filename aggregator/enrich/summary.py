"""A summary: the feed's own where it is one, else the leading sentences. Never half a sentence."""

from aggregator.model import Article
from aggregator.text.plain import one_line
from aggregator.text.sentences import sentences

RULES = "rules/1"  # raised when the same text would have another summary
_SHORTEST = 60  # characters
_LONGEST = 500
_CUT_MARKS = ("…", "...")
_FULL_STOPS = tuple(".!?。！？｡؟۔।॥።\"'”’»」』)")


def summarise(article: Article) -> tuple[str, str]:
    """Return a summary of at most 500 characters and where it is from: "feed" or RULES. Empty where there is no text.

    A single sentence that is longer ends in "…" after a whole word.
    """
    own = own_summary(article)
    if own:
        return own, "feed"
    return _lead(article.text or article.summary, article.title), RULES


def own_summary(article: Article) -> str:
    """Return the feed's own summary less what was cut off in mid-sentence, or "" where it is not a summary.

    A summary has 60 to 500 characters, and is neither the title nor the whole body.
    """
    own = article.summary
    if not _SHORTEST <= len(own) <= _LONGEST or _same(own, article.title) or _is_whole(own, article.text):
        return ""
    if own.endswith(_CUT_MARKS) or (not own.endswith(_FULL_STOPS) and _is_beginning(own, article.text)):
        whole = _whole_sentences(own)
        return whole if len(whole) >= _SHORTEST and not _same(whole, article.title) else ""
    return own


def _lead(text: str, title: str) -> str:
    # Sentences are only looked for where the summary can reach, beyond a title said again.
    text = text[: _LONGEST + len(title) + 100]
    spans = sentences(text)
    if spans and _same(text[slice(*spans[0])], title):
        spans = spans[1:]
    if not spans:
        return ""
    start, end = spans[0]
    for _, following in spans[1:]:
        if following - start > _LONGEST or text[:following].endswith(_CUT_MARKS):
            break
        end = following
    return _fitted(one_line(text[start:end]))


def _whole_sentences(own: str) -> str:
    spans = sentences(own)
    return own[: spans[-2][1]] if len(spans) > 1 else ""


def _fitted(sentence: str) -> str:
    if len(sentence) <= _LONGEST:
        return sentence
    words, _, rest = sentence[:_LONGEST].rpartition(" ")
    # Scripts without spaces have their only one far back, or none.
    kept = words if len(rest) < _LONGEST // 4 else sentence[: _LONGEST - 1]
    return f"{kept.rstrip(' ,;:–—-')}…"


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _is_whole(own: str, text: str) -> bool:
    return len(text) <= 2 * _LONGEST and _same(own, text)


def _is_beginning(own: str, text: str) -> bool:
    return _letters(text[: 2 * len(own)]).startswith(_letters(own))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
