"""JSON Lines files that follow the change log."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.model import Change, Record, RecordId, Seq
from aggregator.publish.files import FileSink

NOW = datetime(2026, 6, 24, 23, 59, tzinfo=UTC)


def a_change(seq: int, at: datetime = NOW) -> Change:
    """Return a change about a record of its own."""
    record = Record(
        id=RecordId(seq),
        slug=f"story-{seq}",
        title=f"Story {seq}",
        summary="",
        body_md="",
        canonical_source=f"https://x.example/{seq}",
        published_at=None,
        updated_at=at,
        lang=None,
        topics=(),
        entities=(),
    )
    return Change(seq=Seq(seq), kind="new", at=at, revision=1, record=record)


@dataclass
class Shelf:
    """A consumer's place, kept in memory; ``dies`` makes the process end before that commit."""

    log: list[Change]
    dies: int | None = None
    cursor: int = 0
    offsets: dict[str, int] = field(default_factory=dict)
    commits: int = 0

    async def changes(self) -> Sequence[Change]:
        """Return the next two."""
        return [change for change in self.log if change.seq > self.cursor][:2]

    async def offset(self, path: str) -> int | None:
        """Return the committed length."""
        return self.offsets.get(path)

    async def commit(self, path: str, offset: int, seq: Seq | None) -> None:
        """Keep both, or die before."""
        self.commits += 1
        if self.commits == self.dies:
            raise KeyboardInterrupt
        self.offsets[path] = offset
        self.cursor = self.cursor if seq is None else seq


async def caught_up(shelf: Shelf, pattern: Path) -> None:
    """Run the sink to its end, starting again as often as it dies."""
    while True:
        try:
            return await FileSink(str(pattern), "https://wpnews.pro", shelf).catch_up()
        except KeyboardInterrupt:
            continue


def slugs(data: bytes) -> list[str]:
    """Return the slugs of whole lines."""
    return [line.split(b'"')[3].decode() for line in data.splitlines()]


async def test_a_process_that_dies_before_any_commit_repeats_no_line(tmp_path: Path) -> None:
    """OI-06: what was written and not committed is cut off."""
    for dies in range(1, 6):
        for name in ("plain.jsonl", "packed.jsonl.gz"):
            path = tmp_path / str(dies) / name
            await caught_up(Shelf([a_change(seq) for seq in range(1, 8)], dies=dies), path)
            data = path.read_bytes()
            data = gzip.decompress(data) if path.suffix == ".gz" else data
            assert slugs(data) == [f"story-{seq}" for seq in range(1, 8)]


async def test_a_file_is_named_by_the_time_of_its_changes(tmp_path: Path) -> None:
    """Not by the time of writing: a repetition finds the same file."""
    shelf = Shelf([a_change(1), a_change(2, NOW + timedelta(hours=1))])
    await caught_up(shelf, tmp_path / "%Y-%m-%d.jsonl")
    assert slugs((tmp_path / "2026-06-24.jsonl").read_bytes()) == ["story-1"]
    assert slugs((tmp_path / "2026-06-25.jsonl").read_bytes()) == ["story-2"]


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
    assert slugs(path.read_bytes()) == ["story-2"]
