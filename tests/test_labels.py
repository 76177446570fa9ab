"""The labels of real entries, and how they are measured. The texts are private: see bench/labels/README.md."""

import pytest

from bench.ending_scores import HASHED, stated_text
from bench.label_files import TYPES, Labelled, endings, find, labelled, letters, short_hash, topics
from bench.real_feeds import CORPUS
from bench.record_scores import Verdict, key, precision, recall

needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="no corpus at ../shared/corpus beside this checkout")


@pytest.fixture(params=["a", "b", "c", "d", "f"])
def labels(request: pytest.FixtureRequest) -> tuple[Labelled, ...]:
    return labelled(request.param)


def test_labels_use_the_vocabulary_and_the_types(labels: tuple[Labelled, ...]) -> None:
    used = {topic for each in labels for topic in (*each.topics, *each.also_topics)}
    types = {name.type for each in labels for name in (*each.entities, *each.also_entities)}
    assert used <= topics()
    assert types <= TYPES.keys()


def test_nothing_is_both_demanded_and_merely_allowed(labels: tuple[Labelled, ...]) -> None:
    for each in labels:
        assert not set(each.topics) & set(each.also_topics)
        demanded = {key(form) for name in each.entities for form in name.forms}
        assert not demanded & {key(form) for name in each.also_entities for form in name.forms}, each.place


def test_no_entry_is_labelled_twice(labels: tuple[Labelled, ...]) -> None:
    assert len({each.place for each in labels}) == len(labels)


def test_later_sets_are_of_other_documents() -> None:
    files = {name: {each.place.file for each in labelled(name)} for name in "abcdf"}
    assert not files["a"] & files["b"]
    assert not files["c"] & (files["a"] | files["b"] | files["d"])
    assert not files["f"] & (files["c"] | files["d"])


def test_no_entry_is_in_two_sets() -> None:
    places = [each.place for name in "abcdf" for each in labelled(name)]
    assert len(set(places)) == len(places)


@needs_corpus
def test_every_label_finds_its_entry(labels: tuple[Labelled, ...]) -> None:
    for each in labels:
        find(each.place)


@needs_corpus
def test_every_ending_is_the_one_that_was_labelled() -> None:
    for label in endings():
        stated = letters(stated_text(find(label.place).entry, label.part))
        assert short_hash(stated[-HASHED:]) == label.hash, label.place
        assert label.boilerplate + label.optional <= len(stated)


@pytest.mark.parametrize(
    ("one", "other"), [("The Guardian", "Guardian"), ("Apple’s", "apple"), ("Wilson  Bilkovich,", "Wilson Bilkovich")]
)
def test_names_are_compared_without_case_marks_and_articles(one: str, other: str) -> None:
    assert key(one) == key(other)


def test_what_is_allowed_is_right_and_not_demanded() -> None:
    verdicts = [Verdict(found=("a",), allowed=("b",), wrong=("c", "d"), missed=("e",))]
    assert precision(verdicts) == 2 / 4
    assert precision(verdicts, strict=True) == 1 / 4
    assert recall(verdicts) == 1 / 2
