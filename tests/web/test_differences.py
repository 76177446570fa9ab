"""How one revision became the next."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Seq
from aggregator.store.past import Line
from aggregator.web.differences import pieces, steps
from tests.publish.making import a_record
from tests.store.factory import NOW

TEXTS = st.text(alphabet="ab \n東.", max_size=40)


@given(TEXTS, TEXTS)
def test_the_pieces_are_both_texts_whole(before: str, after: str) -> None:
    found = pieces(before, after)
    assert "".join(piece.text for piece in found if piece.kind != "new") == before
    assert "".join(piece.text for piece in found if piece.kind != "old") == after


def test_words_are_whole_wherever_a_history_leaves_something_out() -> None:
    """Letters with marks are not parted from them, in scripts that have no spaces either."""
    sentence = "Hibernate is compared with Node.js, अनुवाद, and programmed "
    record = replace(a_record(), body_md=f"{sentence * 20}the boat {sentence * 20}")
    changed = replace(record, body_md=record.body_md.replace("the boat", "that " + "extraordinarily " * 99 + "boat"))
    lines = [
        Line(seq=Seq(1), at=NOW, kind="new", revision=1, record=record),
        Line(seq=Seq(2), at=NOW, kind="updated", revision=2, record=changed),
    ]
    ((_, shown),) = steps(lines)[0].parts
    assert [piece.kind for piece in shown][:3] == ["gap", "same", "old"]
    said = " ".join(piece.text for piece in shown).replace("…", " ")
    assert set(said.split()) <= set(f"{record.body_md} {changed.body_md}".split())
    assert [piece.text for piece in pieces("हिन्दी", "हिन्दू")] == ["हिन्दी", "हिन्दू"]


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
