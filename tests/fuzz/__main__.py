"""Fuzz a target for so long; exit 1 at the first escape, with the command that shows it again."""

import argparse
import itertools
import sys
import time

from tests.fuzz.targets import TARGETS
from tests.fuzz.trial import EscapeError, Target, run_round

_PER_ROUND = 2_000  # cases: seconds at most, and the memory of what was tried is dropped


def main() -> int:
    """Run the rounds; return the exit status."""
    chosen = _arguments()
    target: Target = TARGETS[chosen.target]
    tried = 0
    for seed in itertools.count(chosen.seed):
        try:
            tried += run_round(target, seed=seed, cases=_PER_ROUND)
        except EscapeError:
            sys.stdout.write(f"{target.name}: an escape; again: python -m tests.fuzz {target.name} --seed {seed}\n")
            raise
        if time.process_time() >= 60 * chosen.minutes:
            sys.stdout.write(f"{target.name}: {tried} cases, seeds {chosen.seed} to {seed}, no escape\n")
            return 0
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", choices=sorted(TARGETS))
    parser.add_argument("--minutes", type=float, default=0.0, help="of processor time; the default is one round")
    parser.add_argument(
        "--seed", type=int, default=int(time.time()), help="of the first round, 2,000 cases; the next has the next"
    )
    return parser.parse_args()


sys.exit(main())
