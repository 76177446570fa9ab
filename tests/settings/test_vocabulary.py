"""What is wrong with a vocabulary of topics."""

from pathlib import Path

import pytest

from aggregator.settings.document import parse
from aggregator.settings.load import examine, read
from aggregator.settings.vocabulary import vocabulary_problems
from aggregator.shipped import shipped

HEAD = """[vocabulary]
id = "mine"
[scoring]
field_weights = { title = 3, category = 3, lead = 2, body = 1 }
saturation = 1.5
threshold = 1.0
relative = 0.3
most = 4
parent_share = 0.5
drop_parent = true
gate = 2.0
"""


def problems(text: str, head: str = HEAD) -> list[str]:
    return [str(problem) for problem in vocabulary_problems(parse("topics.toml", (head + text).encode()))]


def test_the_shipped_vocabulary_has_no_problem() -> None:
    assert vocabulary_problems(read(shipped("topics.toml"))) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[[topic]]\nslug = "a"\nparent = "b"', '14:10: no topic "b"'),
        ('[[topic]]\nslug = "a"\n[[topic]]\nslug = "a"', '15:8: "a" is there twice'),
        ('[[topic]]\nslug = "a"\nparent = "a"', '14:10: "a" would be its own ancestor'),
        ('[[topic]]\nslug = "ai"\nterms = ["x", "@iris"]\n[gates]\niri = ["y"]',
         '14:15: no gate "iris"; did you mean "iri"?'),
        ('[[topic]]\nslug = "Big Tech"',
         '13:8: topic.slug: expected lower-case words joined by hyphens, got "Big Tech"'),
        ('[[topic]]\nslug = "a"\nstrong = ["*"]',
         '14:11: topic.strong: expected a word or phrase such as "hack*", "=AI" or "@gate", got "*"'),
        ('[[topic]]\nslug = "a"\nword = []',
         ('14:1: unknown key "topic.word" (expected one of categories, iptc, never, pack, parent, requires, slug, '
          'strong, terms, title, weak)')),
    ],
)  # fmt: skip
def test_a_problem_names_its_place(text: str, expected: str) -> None:
    assert problems(text) == [f"topics.toml:{expected}"]


def test_a_pack_without_topics_is_a_problem() -> None:
    head = HEAD.replace('id = "mine"', 'id = "mine"\npacks = ["als"]')
    assert problems('[[topic]]\nslug = "a"\npack = "alt"', head) == [
        'topics.toml:3:10: no topic is of the pack "als"; did you mean "alt"?'
    ]


def test_a_configuration_with_a_wrong_vocabulary_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(f'{HEAD}[[topic]]\nslug = "a"\nparent = "b"\n')
    config = tmp_path / "aggregator.toml"
    config.write_text('[enrich]\ntopics = "mine.toml"\n')
    (problem,) = examine(config, {}).problems
    assert str(problem) == f'{tmp_path / "mine.toml"}:14:10: no topic "b"'
    config.write_text('[enrich]\ntopics = "other.toml"\n')
    (problem,) = examine(config, {}).problems
    assert problem.message == "cannot be read: No such file or directory"
