"""``python -m aggregator``, and the program ``aggregator``."""

import signal
import sys

from aggregator.cli import main as run


def main() -> None:
    """Run the command line.

    A SIGHUP for the daemon waits until it can be heeded, from before the first slow import on: whoever is asked to
    reload while it starts must not die of it.
    """
    if sys.argv[1:2] == ["run"]:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
    run()


if __name__ == "__main__":
    main()
