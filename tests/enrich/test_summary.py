"""A summary: the feed's own where it is one, else the leading sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.enrich.summary import own_summary, summarise
from aggregator.model import Article
from aggregator.text.sentences import sentences

OWN = "The harbour ferry is back on Monday after eleven weeks of repairs in dry dock."
TEXT = "It rained. The ferry lay in dock. " + "Nobody could cross the harbour for weeks on end. " * 20


def article(*, title: str = "Ferry returns", text: str = TEXT, summary: str = "") -> Article:
    return Article(title=title, body_md=text, text=text.strip(), summary=summary)


def test_the_feeds_own_summary_is_taken() -> None:
    assert summarise(article(summary=OWN)) == (OWN, "feed")


def test_a_feeds_teaser_without_a_full_stop_is_a_summary() -> None:
    teaser = "What the return of the harbour ferry means for those who cross every day"
    assert own_summary(article(summary=teaser)) == teaser


@pytest.mark.parametrize(
    "summary",
    ["Short.", "x" * 501, OWN.upper(), "It rained. The ferry lay in dock and " + "lay " * 9 + "…"],
    ids=["too short", "too long", "the title", "cut too early"],
)
def test_what_is_no_summary_is_replaced_by_the_lead(summary: str) -> None:
    lead, source = summarise(article(title=OWN, summary=summary))
    assert source == "rules/1"
    assert lead.startswith("It rained. The ferry lay in dock.")


def test_the_whole_body_is_no_summary_of_itself() -> None:
    assert summarise(article(text=OWN, summary=f" {OWN}"))[1] == "rules/1"


def test_a_summary_that_was_cut_keeps_its_whole_sentences() -> None:
    assert summarise(article(summary=f"{OWN} The first passengers were…")) == (OWN, "feed")


def test_a_beginning_of_the_body_is_cut_at_a_sentence() -> None:
    summary, source = summarise(article(summary=TEXT[:300].strip()))
    assert source == "feed"
    assert summary.endswith("on end.")
    assert TEXT.startswith(summary)


@pytest.mark.parametrize("end", ["Our thanks go to:", "What came next", "Они благодарят:"])
def test_a_beginning_of_the_body_that_ends_where_a_paragraph_does_is_whole(end: str) -> None:
    """A lead of ours, too: read back from a feed of ours it is what it was."""
    story = "It rained for days. The ferry lay in dock until the water had gone down and " + "on, " * 20 + "away."
    text = f"{story}\n\n{end}\n\n{TEXT}"
    lead, _ = summarise(article(text=text))
    assert lead.endswith(end)
    assert summarise(article(text=text, summary=lead)) == (lead, "feed")


def test_a_summary_that_was_cut_in_its_first_sentence_is_replaced() -> None:
    assert summarise(article(summary=OWN.replace("dock.", "…")))[1] == "rules/1"


def test_the_lead_is_three_whole_sentences_or_more_where_they_are_short() -> None:
    lead, _ = summarise(article())
    assert lead == "It rained. The ferry lay in dock." + " Nobody could cross the harbour for weeks on end." * 3
    longer = "Nobody could cross the harbour for weeks on end, and nobody seemed to mind it much. "
    assert summarise(article(text=longer * 9))[0] == (longer * 3).strip()
    longest = "Nobody could cross the harbour, " * 7 + "they said. "
    assert summarise(article(text=longest * 9))[0] == (longest * 2).strip()


def test_a_first_sentence_that_is_too_long_gives_way_to_the_next() -> None:
    """Nothing is cut in the middle that need not be."""
    text = "The harbour, " * 50 + "was closed. It rained. The ferry lay in dock for eleven weeks."
    assert summarise(article(text=text))[0] == "It rained. The ferry lay in dock for eleven weeks."


@pytest.mark.parametrize("character", ["👩‍🚀", "நி", "👍🏽", "\u1100\u1161\u11a8", "e\u0301", "🇳🇴"])
def test_a_character_of_several_code_points_is_not_cut(character: str) -> None:
    lead, _ = summarise(article(text=character * 400))
    whole = lead.removesuffix("…")
    assert 480 < len(lead) <= 500
    assert len(whole) % len(character) == 0


def test_the_title_said_again_is_not_part_of_the_lead() -> None:
    assert summarise(article(text="Ferry Returns!\n\nIt rained."))[0] == "It rained."


def test_a_sentence_that_is_too_long_ends_after_a_word() -> None:
    lead, _ = summarise(article(text="harbour " * 100))
    assert len(lead) <= 500
    assert lead.endswith("harbour…")


def test_a_script_without_spaces_is_cut_between_characters() -> None:
    lead, _ = summarise(article(text="港" * 800))
    assert lead == "港" * 499 + "…"


def test_half_a_sentence_at_the_end_is_left_out() -> None:
    assert summarise(article(text="It rained. The ferry lay…"))[0] == "It rained."


def test_no_text_has_no_summary() -> None:
    assert summarise(article(text=""))[0] == ""
    assert summarise(article(text="Ferry returns"))[0] == ""


@given(st.text(max_size=1500), st.text(max_size=700), st.text(max_size=50))
def test_a_summary_is_one_line_of_at_most_500_characters(text: str, own: str, title: str) -> None:
    summary, _ = summarise(article(title=title, text=text, summary=" ".join(own.split())))
    assert len(summary) <= 500
    assert len(summary.splitlines()) <= 1


@given(
    st.lists(st.sampled_from(["It rained.", "Ann left!", "Why?", "These are more words."]), min_size=30, max_size=90)
)
def test_the_lead_never_ends_in_mid_sentence(said: list[str]) -> None:
    text = " ".join(said)
    lead, _ = summarise(article(text=text))
    assert len(lead) in {end for _, end in sentences(text)}
