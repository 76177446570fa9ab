"""What is wrong with a file of boilerplate rules."""

from pathlib import Path

import pytest

from aggregator.settings.boilerplate import boilerplate_problems
from aggregator.settings.document import parse
from aggregator.settings.load import examine, read
from aggregator.shipped import shipped


def problems(text: str) -> list[str]:
    return [str(problem) for problem in boilerplate_problems(parse("own.toml", text.encode()))]


def test_the_shipped_rules_have_no_problem() -> None:
    assert boilerplate_problems(read(shipped("boilerplate.toml"))) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[[text]]\nname = "a"\nat = "end"\npatterns = ["("]',
            "own.toml:4:13: text.patterns: not a regular expression",
        ),
        (
            '[[text]]\nname = "a"\nat = "end"\npatterns = ["x", "y*"]',
            "own.toml:4:18: text.patterns: expected a regular",
        ),
        ('[[text]]\nname = "a"\nat = "top"\npatterns = ["x"]', "own.toml:3:6: text.at: "),
        ('[[text]]\nname = "a"\npatterns = ["x"]', "own.toml:1:3: text: at is missing"),
        ('[[text]]\nname = "a"\nat = "end"\npatterns = []', "own.toml:4:12: text.patterns: "),
        ('[[text]]\nname = "a"\nat = "end"\nfrom = "text"\npatterns = ["x"]', "own.toml:4:8: text.from: "),
        ('[[image]]\nname = "A b"\npatterns = ["x"]', "own.toml:2:8: image.name: expected lower-case words"),
        ('[[image]]\nname = "a"\nat = "end"\npatterns = ["x"]', 'own.toml:3:1: unknown key "image.at"'),
        ('[[image]]\nname = "a"\npatterns = ["x"]\n[[image]]\nname = "a"\npatterns = ["y"]', "own.toml:5:8: "),
    ],
)
def test_each_problem_has_its_place(text: str, expected: str) -> None:
    [problem] = problems(text)
    assert problem.startswith(expected)


def test_a_file_named_in_the_settings_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "aggregator.toml").write_text('[enrich]\nboilerplate = "own.toml"\n')
    assert "cannot be read" in str(examine(tmp_path / "aggregator.toml", {}).problems[0])
    (tmp_path / "own.toml").write_text("shipped = 1\n")
    [problem] = examine(tmp_path / "aggregator.toml", {}).problems
    assert str(problem).startswith(f"{tmp_path}/own.toml:1:11: shipped: ")
