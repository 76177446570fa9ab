"""Which language an article is in: the detector first, the feed's own tag as hint and fallback."""

import re
from collections.abc import Callable, Mapping

from aggregator.enrich.detectors import Detect, cld2, fasttext_lite, langid
from aggregator.enrich.function_words import obvious_language
from aggregator.enrich.scripts import chinese_script, serbian_script
from aggregator.model import Article

MODEL = "model/1"  # raised when the same text would be taken for another language
_SAMPLE = 300  # characters: more cost more and say little more
_FEWEST_LETTERS = 15  # with fewer, only a hint or near certainty is believed; an ideograph or syllable counts as three
_HINT_WEIGHT = 0.35  # beside the first detector's probability, from 0 to 1
_SURE = 0.1  # what the best language must have of the votes
_SURE_OF_FEW = 0.5
_FEWEST_CHARACTERS = 40  # with fewer, all detectors are asked
# Who is asked, about the text as it is or in lower case (capitals mislead), what its vote weighs, and by how much a
# language has to lead then for the others not to be asked; by measurement on sentences and their first six words.
_ROUNDS: tuple[tuple[Callable[[], Detect | None], Callable[[str], str], float, float | None], ...] = (
    (fasttext_lite, str, 1.0, 0.6),
    (fasttext_lite, str.lower, 0.5, None),
    (cld2, str, 0.6, 1.2),
    (langid, str, 1.5, None),
)
# Languages of the news, and those that are seen where there is another: English in all of them, Nynorsk in Bokmål.
_LANGUAGES = """
af am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id ig is it ja ka kk km kn
ko ky lo lt lv mk ml mn mr ms my ne nl nn no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te tg th tr uk ur uz vi yo zh
"""
_TRUST = {**dict.fromkeys(_LANGUAGES.split(), 1.0), "en": 0.7, "nn": 0.4, "gl": 0.7, "ms": 0.85}
_RARE = 0.3  # any other: what a detector of 176 languages says of a few words
_DIALECTS = {
    "yue": "zh",
    "arz": "ar",
    "pnb": "ur",
    "azb": "fa",
    "mzn": "fa",
    "bar": "de",
    "nds": "de",
    "war": "fil",
    "ceb": "fil",
}

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
    sample = f"{article.title}. {(article.text or article.summary)[:_SAMPLE]}"[:_SAMPLE]
    text = _NO_WORDS.sub(" ", sample).encode(errors="replace").decode()
    few = len(text) < 4 * _FEWEST_LETTERS and _letters(text) < _FEWEST_LETTERS
    if few and stated:
        return stated, "feed"
    language = obvious_language(text) or _best(text, (stated or "").partition("-")[0], _SURE_OF_FEW if few else _SURE)
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
    """The language with most votes, the hint weighing in; None where none has many.

    A detector is asked only where those before it leave a doubt.
    """
    scores: dict[str, float] = {hint: _HINT_WEIGHT} if hint else {}
    asked = 0.0
    for load, heard, weight, lead in _ROUNDS:
        detect = load()
        if detect is None:
            continue
        asked += weight
        for code, likely in detect(heard(text)):
            language = _taken_for(code)
            scores[language] = scores.get(language, 0.0) + weight * likely * _TRUST.get(language, _RARE)
        if lead is not None and len(text) >= _FEWEST_CHARACTERS and _lead(scores) >= lead:
            break
    best = max(scores, key=scores.__getitem__, default="")
    if hint in _FAMILY.get(best, ()):
        return hint
    return best if scores.get(best, 0.0) >= sure * asked and best not in _NO_LANGUAGE else None


def _taken_for(code: str) -> str:
    language = _RENAMED.get(code, code).partition("-")[0]
    return _DIALECTS.get(language, language)


def _lead(scores: Mapping[str, float]) -> float:
    first, *others = sorted(scores.values(), reverse=True)[:2] or [0.0]
    return first - sum(others)


def _with_script(language: str, text: str, stated: str | None) -> str:
    if language == "sr":
        return f"sr-{serbian_script(text)}"
    if language == "zh" and (script := chinese_script(text)):
        return f"zh-{script}"
    return stated if stated and stated.startswith(f"{language}-") else language
