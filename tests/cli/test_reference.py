"""The reference of the commands says what the program says."""

from tests.cli.reference import PAGE, page


def test_the_reference_of_the_commands_is_current() -> None:
    """``python -m tests.cli.reference`` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_every_command_and_option_is_explained() -> None:
    assert page().count("\n## `aggregator ") > 40
    assert "|  |\n" not in page()
