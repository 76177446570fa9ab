"""Topics from a vocabulary."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.enrich.topics import choose, explain, find, score, topics
from aggregator.enrich.vocabulary import Vocabulary, read
from aggregator.model import Article
from aggregator.shipped import shipped

SCORING = """
[scoring]
field_weights = { title = 3.0, category = 3.0, lead = 2.0, body = 1.0 }
saturation = 1.5
threshold = 1.0
relative = 0.3
most = 3
parent_share = 0.5
drop_parent = true
gate = 2.0
"""
SMALL = f"""
[vocabulary]
id = "test"
lang = ["en"]
packs = ["harbour"]
{SCORING}
[gates]
sea = ["sea", "harbour*"]
[[topic]]
slug = "transport"
strong = ["train*", "bus lane"]
categories = ["Verkehr"]
[[topic]]
slug = "ferries"
parent = "transport"
strong = ["ferry", "ferries"]
never = ["ferry terminal"]
[[topic]]
slug = "fishing"
pack = "harbour"
requires = ["@sea"]
strong = ["catch"]
[[topic]]
slug = "docks"
pack = "harbour"
strong = ["dock*", "=DOC"]
weak = ["quay"]
"""


def article(title: str = "", text: str = "", summary: str = "") -> Article:
    return Article(title=title, body_md="", text=text, summary=summary)


@pytest.fixture
def small(tmp_path: Path) -> Vocabulary:
    path = tmp_path / "topics.toml"
    path.write_text(SMALL)
    return read(path)


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Trains are late", ("transport",)),
        ("Training days", ("transport",)),
        ("A bus lane for Mill Road", ("transport",)),
        ("A lane for buses", ()),
        ("DOC is a grade of wine", ("docks",)),
        ("The doc said so", ()),
        ("The ferry is back", ("ferries",)),
        ("A new ferry terminal", ()),
        ("The ferry at the ferry terminal", ("ferries",)),
        ("A great catch", ()),
        ("A great catch at sea", ("fishing",)),
        ("The quay", ()),
        ("Ferry and train leave the dock", ("docks", "ferries")),
    ],
)
def test_terms_speak_for_their_topics(small: Vocabulary, title: str, expected: tuple[str, ...]) -> None:
    """Stems, phrases, spellings, parents that give way, terms that bar others, gates, and packs that go first."""
    assert topics(article(title), (), small, language="en") == expected


def test_the_title_counts_more_than_the_text(small: Vocabulary) -> None:
    in_title = score(find(article(title="ferry"), (), small, language="en"), small)
    in_text = score(find(article(text="ferry"), (), small, language="en"), small)
    late = score(find(article(text="word " * 60 + "ferry"), (), small, language="en"), small)
    assert in_title[1] > in_text[1] > late[1]


def test_a_term_said_ten_times_gives_less_than_ten_times_its_points(small: Vocabulary) -> None:
    once = score(find(article(text="train"), (), small, language="en"), small)[0]
    often = score(find(article(text="train " * 10), (), small, language="en"), small)[0]
    assert once < often < 2 * once


def test_a_category_is_evidence_as_words_and_as_a_whole(small: Vocabulary) -> None:
    assert topics(article(), ("Ferries",), small, language="en") == ("ferries",)
    assert topics(article(), ("VERKEHR",), small, language=None) == ("transport",)
    assert topics(article(), ("Opinion",), small, language="en") == ()


def test_another_language_is_judged_by_its_categories_alone(small: Vocabulary) -> None:
    """ "Train" is a word in French too."""
    assert topics(article(title="Le train"), ("verkehr",), small, language="fr") == ("transport",)
    assert topics(article(title="Le train"), (), small, language="fr") == ()


def test_the_explanation_adds_up(small: Vocabulary) -> None:
    found = find(article(title="The ferry, the ferry terminal and ferries"), (), small, language="en")
    points = explain(small.topics[1], found, small)
    assert [(each.term, each.frequency) for each in points] == [("ferry", 3.0), ("ferries", 3.0)]
    assert sum(each.points for each in points) == pytest.approx(score(found, small)[1])


def test_equal_scores_go_in_the_order_of_the_file(small: Vocabulary) -> None:
    assert choose({1: 2.0, 0: 2.0}, small) == ("ferries",)
    assert choose({3: 2.0, 2: 2.0}, small) == ("fishing", "docks")


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_has_topics_of_the_vocabulary(text: str, categories: list[str]) -> None:
    shipped_one = read(shipped("topics.toml"))
    found = topics(article(text, text), categories, shipped_one, language=None)
    assert len(found) <= shipped_one.scoring.most
    assert set(found) <= {topic.slug for topic in shipped_one.topics}


@pytest.mark.parametrize(
    ("title", "text", "topic"),
    [
        ("Striker signs for City", "The midfielder scored twice in the Premier League season opener.", "sports"),
        ("Central bank raises interest rates", "Inflation stayed above target, economists said.", "economy"),
        ("Telescope finds a new exoplanet", "Astronomers saw the planet pass its star.", "space"),
        ("Ransomware gang hits hospitals", "Hackers used phishing to break in.", "cybersecurity"),
        ("New vaccine against malaria", "Patients in a clinical trial had fewer infections.", "public-health"),
    ],
)
def test_the_shipped_vocabulary_knows_everyday_news(title: str, text: str, topic: str) -> None:
    assert topic in topics(article(title, text), (), read(shipped("topics.toml")), language="en")


def test_words_of_everywhere_make_no_topic_without_a_word_of_its_own() -> None:
    shipped_words = read(shipped("topics.toml"))
    loose = article(
        text="The course starts at night. After the first round of training you win the game of the season."
    )
    assert "sports" not in topics(loose, (), shipped_words, language="en")
    assert "sports" in topics(article("Our football season", loose.text), (), shipped_words, language="en")


def test_addresses_say_nothing(small: Vocabulary) -> None:
    linked = article(
        text="See https://ferry.example/docks and mail docks@ferry.example. A ferry https://x.example/docks"
    )
    assert topics(linked, (), small, language="en") == ("ferries",)


def test_a_parent_that_the_text_says_much_more_of_stays(small: Vocabulary) -> None:
    both = article("Trains and a bus lane", "The train, the bus lane, trains again. A ferry as well.")
    assert topics(both, (), small, language="en") == ("transport", "ferries")


def test_a_general_topic_needs_more_unless_the_feed_names_it(tmp_path: Path) -> None:
    strict = tmp_path / "strict.toml"
    strict.write_text(SMALL.replace("relative = 0.3", "relative = 0.3\ngeneral = 1.9"))
    passing = article("Notes", "A train went by.")
    assert topics(passing, (), read(strict), language="en") == ()
    assert topics(passing, ("Verkehr",), read(strict), language="en") == ("transport",)
    assert topics(article("The train", "A train went by."), (), read(strict), language="en") == ("transport",)


def test_a_pack_is_measured_by_the_best_of_its_own(tmp_path: Path) -> None:
    """The one plain word about docks is little beside the ferries, and all that the pack has."""
    choosy = tmp_path / "choosy.toml"
    choosy.write_text(SMALL.replace("relative = 0.3", "relative = 0.9"))
    both = article("Ferry, ferries and a ferry", "A dock.")
    assert topics(both, (), read(choosy), language="en") == ("docks", "ferries")
