"""JSON Lines files that follow the change log."""

import gzip
import hashlib
import json
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from aggregator.model import Batch, Change, FilePlace, Seq
from aggregator.publish.files import FileSink
from aggregator.publish.formats import rendering
from tests.publish.making import BASE, NOW, a_change, a_gap

START = Seq(0)


@dataclass
class Shelf:
    """A consumer's place, kept in memory; ``dies`` makes the process end before that commit."""

    log: list[Change]
    dies: int | None = None
    cursor: Seq = START
    files: dict[str, FilePlace] = field(default_factory=dict)
    commits: int = 0
    troubles: list[str | None] = field(default_factory=list)

    async def changes(self) -> Batch:
        """Return the next two."""
        changes = tuple(change for change in self.log if change.seq > self.cursor)[:2]
        return Batch(after=self.cursor, changes=changes, through=changes[-1].seq if changes else self.cursor)

    async def file(self, base: str) -> FilePlace | None:
        """Return the newest part."""
        parts = [file for file in self.files.values() if file.base == base]
        return max(parts, key=lambda file: file.part, default=None)

    async def open_files(self) -> Sequence[FilePlace]:
        """Return those not closed."""
        return [file for file in self.files.values() if not file.closed]

    async def commit(self, file: FilePlace | None, seq: Seq | None) -> None:
        """Keep both, or die before."""
        self.commits += 1
        if self.commits == self.dies:
            raise KeyboardInterrupt
        if file is not None:
            self.files[file.path] = file
        self.cursor = self.cursor if seq is None else seq

    async def tell(self, trouble: str | None) -> None:
        """Keep it."""
        self.troubles.append(trouble)


def a_sink(
    shelf: Shelf, pattern: Path, *, now: datetime = NOW, size: int | None = None, envelopes: bool = False
) -> FileSink:
    """Return a sink that writes a shelf's changes."""
    render = rendering("jsonl", BASE, envelopes=envelopes).changes
    return FileSink(str(pattern), shelf, render=render, clock=lambda: now, rotate_size=size)


async def caught_up(shelf: Shelf, pattern: Path, *, now: datetime = NOW, size: int | None = None) -> None:
    """Run a sink to its end, starting again as often as it dies."""
    while True:
        try:
            return await a_sink(shelf, pattern, now=now, size=size).catch_up()
        except KeyboardInterrupt:
            continue


def content(path: Path) -> bytes:
    """Return what is in a file, unpacked."""
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def slugs(path: Path) -> list[str]:
    """Return the slugs of whole lines."""
    return [json.loads(line)["slug"] for line in content(path).splitlines()]


async def test_a_process_that_dies_before_any_commit_repeats_no_line(tmp_path: Path) -> None:
    """OI-06: what was written and not committed is cut off."""
    for dies in range(1, 6):
        for name in ("plain.jsonl", "packed.jsonl.gz"):
            path = tmp_path / str(dies) / name
            await caught_up(Shelf([a_change(seq) for seq in range(1, 8)], dies=dies), path)
            assert slugs(path) == [f"story-{seq}" for seq in range(1, 8)]


async def test_a_file_is_named_by_the_time_of_its_changes(tmp_path: Path) -> None:
    """Not by the time of writing: a repetition finds the same file."""
    shelf = Shelf([a_change(1), a_change(2, NOW + timedelta(hours=1))])
    await caught_up(shelf, tmp_path / "%Y-%m-%d.jsonl")
    assert slugs(tmp_path / "2026-06-24.jsonl") == ["story-1"]
    assert slugs(tmp_path / "2026-06-25.jsonl") == ["story-2"]


async def test_what_somebody_else_left_in_the_file_stays(tmp_path: Path) -> None:
    """Also a last line without its end; and a file that was rotated away begins anew (OI-08)."""
    path = tmp_path / "records.jsonl"
    path.write_bytes(b'{"slug": "theirs"}')
    shelf = Shelf([a_change(1)])
    await caught_up(shelf, path)
    assert path.read_bytes().startswith(b'{"slug": "theirs"}\n{"slug":"story-1"')
    path.rename(tmp_path / "records.1.jsonl")
    shelf.log.append(a_change(2))
    await caught_up(shelf, path)
    assert slugs(path) == ["story-2"]


@pytest.mark.parametrize("name", ["records.jsonl", "records.jsonl.gz"])
async def test_a_file_of_its_size_is_closed_with_a_manifest(tmp_path: Path, name: str) -> None:
    """Parts are numbered; killed before any commit, they hold every line once, and manifests say what they hold."""
    stem, suffix = name.split(".", 1)
    for dies in (None, *range(1, 30)):
        shelf, folder = Shelf([a_change(seq) for seq in range(1, 12)], dies=dies), tmp_path / str(dies)
        await caught_up(shelf, folder / name, size=1200)
        parts = sorted(folder.glob(f"{stem}.*.{suffix}"))
        assert [slug for part in parts for slug in slugs(part)] == [f"story-{seq}" for seq in range(1, 12)]
        assert len(parts) > 2
        assert all(part.stat().st_size <= 1200 for part in parts)
        seq = 0
        for part in parts[:-1]:
            manifest = json.loads(part.with_name(f"{part.name}.manifest.json").read_text())
            assert manifest == {
                "file": part.name,
                "rows": len(slugs(part)),
                "first_seq": seq + 1,
                "last_seq": (seq := seq + len(slugs(part))),
                "bytes": part.stat().st_size,
                "sha256": hashlib.sha256(part.read_bytes()).hexdigest(),
            }
        assert len(list(folder.iterdir())) == 2 * len(parts) - 1


async def test_a_line_larger_than_a_file_has_one_to_itself(tmp_path: Path) -> None:
    await caught_up(Shelf([a_change(1), a_change(2)]), tmp_path / "records.jsonl", size=10)
    assert slugs(tmp_path / "records.0002.jsonl") == ["story-2"]


async def test_a_file_of_yesterday_is_closed_when_it_is_over(tmp_path: Path) -> None:
    """A change that was dated in time and committed late opens another part."""
    shelf = Shelf([a_change(1), a_change(2)])
    sink_of_today = a_sink(shelf, tmp_path / "%Y-%m-%d.jsonl", now=NOW + timedelta(minutes=2))
    await sink_of_today.catch_up()
    manifest = tmp_path / "2026-06-24.jsonl.manifest.json"
    assert not manifest.exists()
    await caught_up(shelf, tmp_path / "%Y-%m-%d.jsonl", now=NOW + timedelta(minutes=3))
    assert json.loads(manifest.read_text())["rows"] == 2
    shelf.log.append(a_change(3))
    await caught_up(shelf, tmp_path / "%Y-%m-%d.jsonl", now=NOW + timedelta(minutes=3))
    assert slugs(tmp_path / "2026-06-24.0002.jsonl") == ["story-3"]
    assert (tmp_path / "2026-06-24.0002.jsonl.manifest.json").exists()


async def test_envelopes_hold_changes_without_records_too(tmp_path: Path) -> None:
    path = tmp_path / "changes.jsonl"
    await a_sink(Shelf([a_change(1), a_gap(2)]), path, envelopes=True).catch_up()
    assert [json.loads(line)["kind"] for line in path.read_bytes().splitlines()] == ["new", "gap"]


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the kernel refuse to write files beyond a size, as it does on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_full_disk_leaves_no_torn_line_and_no_cursor_behind(tmp_path: Path) -> None:
    """OI-07: it goes on alone when there is room."""
    path = tmp_path / "records.jsonl"
    shelf = Shelf([a_change(1), a_change(2), a_change(3), a_change(4)])
    sink = a_sink(shelf, path)
    await a_sink(Shelf(shelf.log[:2]), tmp_path / "measured.jsonl").catch_up()
    two = (tmp_path / "measured.jsonl").stat().st_size
    with files_of_at_most(two + 100):
        await sink.catch_up()
        assert (slugs(path), shelf.cursor) == (["story-1", "story-2"], 2)
        assert path.stat().st_size == two
    await sink.catch_up()
    assert slugs(path) == [f"story-{seq}" for seq in range(1, 5)]
    assert shelf.troubles == ["File too large", None]


async def test_what_cannot_be_written_is_told_once_and_so_is_its_end(tmp_path: Path) -> None:
    path = tmp_path / "out" / "records.jsonl"
    path.mkdir(parents=True)
    shelf = Shelf([a_change(1)])
    sink = a_sink(shelf, path)
    await sink.catch_up()
    await sink.catch_up()
    assert shelf.troubles == [f"{path}: Is a directory (a folder is there: name a file)"]
    path.rmdir()
    await sink.catch_up()
    await sink.catch_up()
    assert shelf.troubles[1:] == [None]
    assert slugs(path) == ["story-1"]


async def test_a_path_that_is_mended_goes_on_in_another_file_and_says_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first was closed, with a manifest, when the settings named another."""
    shelf, right, wrong = Shelf([a_change(1)]), tmp_path / "records.jsonl", tmp_path / "wrong.jsonl"
    for seq, path in enumerate((right, wrong, right), 1):
        shelf.log = [a_change(seq)]
        await caught_up(shelf, path)
    assert [slugs(tmp_path / name) for name in ("records.jsonl", "wrong.jsonl", "records.0002.jsonl")] == [
        ["story-1"],
        ["story-2"],
        ["story-3"],
    ]
    assert f"{right} was closed: its manifest says what is in it" in capsys.readouterr().out
