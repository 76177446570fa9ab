"""``make eval``: a corpus of real feeds, each served on an address of its own, polled twice.

The corpus is private test input and stays outside the project; without it there is nothing to run.
"""

import csv
import json
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, serving

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "../shared/corpus/feeds-real"
SCHEMA = ROOT / "docs/reference/record.schema.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What two polls of the corpus gave."""

    documents: int
    with_entries: int  # documents in which the manifest counts entries
    with_records: int  # those of them that gave a record
    misses: tuple[tuple[str, str], ...]  # (document, why)
    lines: tuple[dict[str, Any], ...]
    invalid: tuple[str, ...]  # lines that are not as the schema says, and why
    again: int  # changes that the second poll made


def documents() -> list[tuple[str, int]]:
    """Return (path, entries that the manifest counts) of every document."""
    with (CORPUS / "MANIFEST.tsv").open(newline="") as manifest:
        rows = list(csv.DictReader(manifest, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["path"], int(row["entries_feedparser"] or 0)) for row in rows]


def run(folder: Path) -> Result:
    """Poll every document, export, and poll the same bodies again with a comment appended and no validators."""
    listed = documents()
    with serving() as site:
        urls = {path: site.url(f"/{n}", f"127.3.{n // 200}.{1 + n % 200}") for n, (path, _) in enumerate(listed)}
        project = Project(folder, urls.values())
        _serve(site, listed, b"")
        _poll(project)
        lines = tuple(project.records())
        before = _changes(folder)
        _serve(site, listed, b"\n<!-- another day -->\n")
        _poll(project, "--force")
    states = _states(folder)
    missed = [(path, states[urls[path]][1] or "no entry gave a record") for path, n in listed if n]
    missed = [(path, why) for path, why in missed if not states[urls[path]][0]]
    return Result(
        documents=len(listed),
        with_entries=sum(1 for _, entries in listed if entries),
        with_records=sum(1 for path, entries in listed if entries and states[urls[path]][0]),
        misses=tuple(missed),
        lines=lines,
        invalid=tuple(_invalid(lines)),
        again=_changes(folder) - before,
    )


def _serve(site: Site, listed: list[tuple[str, int]], comment: bytes) -> None:
    for number, (path, _) in enumerate(listed):
        kind = "application/feed+json" if path.endswith(".json") else "application/xml"
        body = (CORPUS / path).read_bytes() + comment
        site.answers[f"/{number}"] = Answer(body=body, headers={"Content-Type": kind})


def _poll(project: Project, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", "poll", *words, "-c", str(project.config)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in {0, 1} or "Traceback" in done.stderr or "bug" in done.stderr:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr[-5000:]}")


def _states(folder: Path) -> dict[str, tuple[int, str | None]]:
    with sqlite3.connect(folder / "store.sqlite") as connection:
        rows = connection.execute(
            "SELECT url, (SELECT count(*) FROM sightings s WHERE s.feed_id = f.id), reason FROM feeds f"
        ).fetchall()
    connection.close()
    return {url: (count, reason) for url, count, reason in rows}


def _changes(folder: Path) -> int:
    with sqlite3.connect(folder / "store.sqlite") as connection:
        count = connection.execute("SELECT count(*) FROM changes").fetchone()[0]
    connection.close()
    return int(count)


def _invalid(lines: tuple[dict[str, Any], ...]) -> list[str]:
    schema = json.loads(SCHEMA.read_text())
    validator = Draft202012Validator(schema)
    keys = schema["required"]
    wrong = [f"{line['slug']}: keys {list(line)}" for line in lines if list(line) != keys]
    wrong += [f"{line['slug']}: {error.message:.200}" for line in lines for error in validator.iter_errors(line)]
    return wrong


def main() -> None:
    """Print the counts, and every miss with its reason."""
    if not CORPUS.exists():
        sys.exit("there is no corpus at ../shared/corpus beside this checkout: nothing to run")
    with tempfile.TemporaryDirectory() as folder:
        result = run(Path(folder))
    share = 100 * result.with_records / result.with_entries
    print(f"documents {result.documents}, with entries {result.with_entries}")
    print(f"of those, gave records: {result.with_records} ({share:.1f} %)")
    print(f"records {len(result.lines)}, invalid lines {len(result.invalid)}")
    print(f"changes made by the second poll: {result.again}")
    print("languages", dict(Counter(line["lang"] for line in result.lines).most_common(12)))
    for path, why in result.misses:
        print(f"missed {path}: {why}")
    for line in result.invalid[:20]:
        print(f"invalid {line}")


if __name__ == "__main__":
    main()
