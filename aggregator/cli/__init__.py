"""The commands, one file each."""


def main() -> None:
    """Run the program and exit with its status."""
    # Not at the top: worker processes import the program's entry point too, and have no use for the commands.
    from aggregator.cli.main import main as run  # noqa: PLC0415

    run()
