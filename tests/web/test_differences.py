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
