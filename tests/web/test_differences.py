"""How one revision became the next."""

from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.differences import pieces

TEXTS = st.text(alphabet="ab \n東.", max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts_whole(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "new") == before
    assert "".join(piece.text for piece in found if piece.kind != "old") == after


def test_long_texts_are_compared_by_lines() -> None:
    """Hostile or not: comparing words takes the square of their number."""
    before = "word " * 5000 + "\nend"
    found = pieces(before, before + "\nmore")
    assert next(piece.kind for piece in found) == "same"
    assert found[-1].text.endswith("more")
    lines = "\n".join(f"line {number}" for number in range(9000))
    assert [piece.kind for piece in pieces(lines, lines + "\nmore")] == ["old", "new"]


def test_in_long_texts_words_are_compared_where_lines_changed() -> None:
    before = [f"Line {number} of the text." for number in range(2000)]
    after = [*before[:700], "Line 700 of that text.", *before[701:], "More."]
    found = pieces("\n".join(before), "\n".join(after))
    assert [piece.text for piece in found if piece.kind != "same"] == ["the", "that", "\nMore."]
    changed = [f"Line {number} of that text." for number in range(2000)]
    whole = pieces("\n".join(before), "\n".join(changed))
    assert "".join(piece.text for piece in whole if piece.kind != "old") == "\n".join(changed)
    assert max(len(piece.text) for piece in whole) > 10_000  # so much is compared, and no more
