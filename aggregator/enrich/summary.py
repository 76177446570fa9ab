"""A summary: the feed's own where it is one, else the leading sentences. Never half a sentence."""

import unicodedata

from aggregator.model import Article
from aggregator.text.plain import one_line
from aggregator.text.sentences import sentences

RULES = "rules/1"  # raised when the same text would have another summary
_SHORTEST = 60  # characters
_LONGEST = 500
_MOST_SENTENCES = 3  # unless they have fewer characters together than
_ENOUGH = 150
_JOINER = "\u200d"
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_LONGEST_CHARACTER = 40  # code points; more marks than any writing has are cut
_CUT_MARKS = ("…", "...")
_FULL_STOPS = tuple(".!?。！？｡؟۔।॥።\"'”’»」』)")


def summarise(article: Article) -> tuple[str, str]:
    """Return a summary of at most 500 characters and where it is from: "feed" or RULES. Empty where there is no text.

    The lead is up to three whole sentences, or more where those are short. Only where no sentence of the beginning has
    500 characters or fewer is one cut, after a whole word, and ends in "…".
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
    if own.endswith(_CUT_MARKS) or (not own.endswith(_FULL_STOPS) and _is_cut(own, article.text)):
        whole = _whole_sentences(own)
        return whole if len(whole) >= _SHORTEST and not _same(whole, article.title) else ""
    return own


def _lead(text: str, title: str) -> str:
    # Sentences are only looked for where the summary can reach, beyond a title said again.
    reach = 2 * _LONGEST + len(title)
    spans = sentences(text[:reach])
    if spans and _same(text[slice(*spans[0])], title):
        spans = spans[1:]
    if not spans:
        return ""
    if len(text) > reach and len(spans) > 1:
        spans = spans[:-1]  # it may go on
    # A first sentence that is too long gives way to those after it.
    fitting = next((place for place, (start, end) in enumerate(spans) if end - start <= _LONGEST), 0)
    start, end = spans[fitting]
    for count, (_, following) in enumerate(spans[fitting + 1 :], 1):
        enough = count >= _MOST_SENTENCES and end - start >= _ENOUGH
        if enough or following - start > _LONGEST or text[:following].endswith(_CUT_MARKS):
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
    kept = words if len(rest) < _LONGEST // 4 else sentence[: _whole_characters(sentence, _LONGEST - 1)]
    return f"{kept.rstrip(' ,;:–—-')}…"


def _whole_characters(text: str, end: int) -> int:
    """Return where to cut a text, at or before ``end``, so that marks and joined emoji stay where they belong."""
    cut = end
    while cut > end - _LONGEST_CHARACTER and (_goes_on(text[cut]) or text[cut - 1] == _JOINER):
        cut -= 1
    flags = len(text[:cut]) - len(text[:cut].rstrip(_FLAG_LETTERS))  # two letters a flag
    return cut - flags % 2


def _goes_on(character: str) -> bool:
    return (
        unicodedata.category(character).startswith("M")
        or character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or "\u1160" <= character <= "\u11ff"  # the vowels and finals of Hangul
    )


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _is_whole(own: str, text: str) -> bool:
    return len(text) <= 2 * _LONGEST and _same(own, text)


def _is_cut(own: str, text: str) -> bool:
    """Whether it is the beginning of the text, up to where no sentence ends: after a heading, none has a full stop."""
    letters, beginning = _letters(own), text[: 2 * len(own)]
    if not _letters(beginning).startswith(letters):
        return False
    return all(_letters(beginning[:end]) != letters for _, end in sentences(beginning))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
