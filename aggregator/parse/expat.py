"""Known weaknesses of expat, which feedparser reads XML with (XM-12)."""

from collections.abc import Iterator

from aggregator.model import Finding

_WEAKNESSES: tuple[tuple[tuple[int, int, int], str], ...] = (
    ((2, 4, 0), "no limit on entities that multiply"),
    ((2, 6, 0), "CVE-2023-52425: slow on long tokens"),
    ((2, 6, 2), "CVE-2024-28757: entities that multiply"),
    ((2, 7, 2), "CVE-2025-59375: memory without a limit"),
)


def expat_findings(version: tuple[int, int, int]) -> Iterator[Finding]:
    """Yield what a version of expat is known to be weak in."""
    known = [weakness for fixed, weakness in _WEAKNESSES if version < fixed]
    if known:
        yield Finding(
            check="expat",
            severity="warning",
            message=f"expat {'.'.join(map(str, version))} has known weaknesses: {'; '.join(known)}",
            advice="a document that uses one costs its feed a poll, as worker processes are bounded; expat comes with"
            " Python or the system: update that",
        )
