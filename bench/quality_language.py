"""How many texts are taken for the language they are in, without a hint."""

from collections.abc import Iterator

from aggregator.enrich.language import detect, normalise_tag
from bench.quality_gold import Row, article, lines

_FEW_WORDS = 6
_FEW_CHARACTERS = 15  # of a script without spaces


def language_rows() -> Iterator[Row]:
    """Yield the accuracy on whole sentences, on their first six words, and on pairs of words."""
    sentences = [(each["lang"], each["text"]) for each in lines("langid/lingua-sentences-30x80.jsonl")]
    pairs = [(each["lang"], each["text"]) for each in lines("langid/lingua-wordpairs-30x30.jsonl")]
    yield from _row("whole sentences", sentences, 0.99)
    yield from _row("first six words", [(lang, _beginning(text)) for lang, text in sentences], 0.965)
    yield from _row("pairs of words", pairs, 0.0)


def _row(what: str, samples: list[tuple[str, str]], goal: float) -> Iterator[Row]:
    if samples:
        hits = sum(_is_right(lang, text) for lang, text in samples)
        share = hits / len(samples)
        yield Row(
            what="language, accuracy",
            set=f"lingua, {what}",
            items=len(samples),
            figure=f"{share:.3f}",
            goal=f"≥ {goal:.3f}" if goal else "",
            met=share >= goal,
        )


def _is_right(lang: str, text: str) -> bool:
    found, _ = detect(article("", text), hint=None)
    return (found or "").partition("-")[0] == normalise_tag(lang)


def _beginning(text: str) -> str:
    words = text.split()
    return " ".join(words[:_FEW_WORDS]) if len(words) > 1 else text[:_FEW_CHARACTERS]
