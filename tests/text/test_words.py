"""Text as words of an index."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.words import indexed_words, phrase_words, without_targets

CJK = st.text(alphabet="東京都中国新聞ニュース뉴스", min_size=1, max_size=6)


def test_runs_without_spaces_become_pairs_and_the_rest_stays() -> None:
    """SQ-22."""
    assert indexed_words("In 東京都, a 新 ferry").split() == ["In", "東京", "京都", "都", ",", "a", "新", "ferry"]
    assert indexed_words("Only letters, and é.") == "Only letters, and é."


@given(CJK, CJK, CJK)
def test_what_stands_in_a_text_is_found_in_its_words(before: str, wanted: str, after: str) -> None:
    """SQ-22: as tokens side by side, the last of which may be a beginning."""
    words = indexed_words(before + wanted + after).split()
    phrase, is_beginning = phrase_words(wanted)
    tokens = phrase.split()
    places = [words[place : place + len(tokens)] for place in range(len(words))]
    if is_beginning:
        assert any(place[:-1] == tokens[:-1] and place[-1].startswith(tokens[-1]) for place in places if place)
    else:
        assert tokens in places


def test_addresses_are_no_words() -> None:
    assert (
        without_targets('a [b](https://x.example/c "t") ![d](https://x.example/e.png) [f] (g)') == "a [b] ![d] [f] (g)"
    )
