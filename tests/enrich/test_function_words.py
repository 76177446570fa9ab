"""Languages that need no model."""

import json

import pytest

from aggregator.enrich.function_words import obvious_language
from tests.enrich.test_language import CORPUS, SAMPLES

ENGLISH = (
    "The mayor said that the ferry will be back on Monday, but some would have it that the repairs, which "
    "were to take a week, have not come to their end."
)
GERMAN = "Die Fähre ist noch nicht wieder im Hafen, aber der Maat sagt, dass sie mit den Gästen auf Fahrt geht."
FRENCH = (
    "Le ferry est au port avec les marins, mais le maire dit que ce sont les travaux qui ont été plus longs que prévu."
)


@pytest.mark.parametrize(("language", "text"), [("en", ENGLISH), ("de", GERMAN), ("fr", FRENCH)])
def test_small_words_give_a_language_away(language: str, text: str) -> None:
    assert obvious_language(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "the of and to that",
        f"{ENGLISH} {GERMAN} {FRENCH}",
        "A polgármester azt mondta, hogy a komp a javítás után a hét elején a kikötőbe tér, és a jegy ára a régi.",
        "De veerpont is weer in de haven en we zien of de reis van de week is uitgesteld, of dat we op tijd zijn.",
        "渡轮星期一恢复航行。The mayor said that the ferry will be back, but some would have it that 修理没有结束。",
    ],
)
def test_in_doubt_the_detectors_are_asked(text: str) -> None:
    assert obvious_language(text) is None


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
def test_no_sentence_of_the_gold_set_is_taken_for_another_language() -> None:
    lines = (CORPUS / "lingua-sentences-30x80.jsonl").read_text(encoding="utf-8").splitlines()
    samples = [(each["lang"], each["text"]) for each in map(json.loads, lines)]
    known = [(lang, found) for lang, text in (*samples, *SAMPLES.items()) if (found := obvious_language(text))]
    assert known
    assert all(lang == found for lang, found in known)
