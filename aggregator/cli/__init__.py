"""The commands, one file each."""


def main() -> None:
    """Run the program and exit with its status."""
    # Not at the top: whoever imports one room of the package does not pay for the commands.
    from aggregator.cli.main import main as run  # noqa: PLC0415

    run()
