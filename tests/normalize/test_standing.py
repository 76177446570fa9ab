"""What an author writes below every entry."""

from dataclasses import replace

import pytest

from aggregator.model import Article
from aggregator.normalize.standing import without_standing

NOTICE = "Support my boat, if you would like to see more of it."
NOTICES = f"{NOTICE}\n\nI sail every Sunday, and write a letter about it."
STORIES = ("The ferry is back.", "The ferry is late.", "The ferry is red.")


def articles(ending: str, *stories: str) -> list[Article]:
    return [Article(title="A", body_md=story, text=f"{story}\n\n{ending}", summary="") for story in stories]


@pytest.mark.parametrize("notice", [NOTICE, NOTICES])
def test_a_notice_that_three_entries_share_leaves_their_texts_and_is_counted(notice: str) -> None:
    left = without_standing([*articles(notice, *STORIES), *articles("The end of the story.", "It sank.")])
    assert [each.text for each in left] == [*STORIES, "It sank.\n\nThe end of the story."]
    assert [each.boilerplate for each in left] == [{"standing": 1 + notice.count("\n\n")}] * 3 + [{}]
    assert left[0].body_md == STORIES[0]


def test_it_leaves_the_summary_too() -> None:
    stated = [replace(each, summary=" ".join(each.text.split())) for each in articles(NOTICES, *STORIES)]
    assert [each.summary for each in without_standing(stated)] == list(STORIES)


@pytest.mark.parametrize(
    ("ending", "stories"),
    [
        (NOTICE, STORIES[:2]),
        (NOTICE, (STORIES[0], STORIES[0], STORIES[0], STORIES[1])),  # one story, stated again and again
        ("Ann", STORIES),
        (" ".join([NOTICE] * 20), STORIES),
    ],
    ids=["of two entries", "of equal texts", "too short", "too long"],
)
def test_other_endings_stay(ending: str, stories: tuple[str, ...]) -> None:
    stated = articles(ending, *stories)
    assert without_standing(stated) == stated


def test_a_text_is_never_all_gone() -> None:
    stated = [Article(title="A", body_md="", text=NOTICE, summary="")] * 3
    assert without_standing([*stated, *articles(NOTICE, *STORIES)])[0].text == NOTICE
