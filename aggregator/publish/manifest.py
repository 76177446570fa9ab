"""What says that a file is complete: a manifest beside it, which appears all at once."""

import gzip
import hashlib
import os
from pathlib import Path

import orjson

from aggregator.model import FilePlace

_PIECE = 1 << 20


def manifest_path(file: Path) -> Path:
    """Return where the manifest of a file is."""
    return file.with_name(f"{file.name}.manifest.json")


def write_manifest(file: FilePlace) -> None:
    """Write the manifest of a file that is complete; none where somebody took it away. Raises OSError.

    Written again for the same file it is the same, so that dying in between does no harm.
    """
    path = Path(file.path)
    if not path.exists():
        return
    facts = {
        "file": path.name,
        "rows": _rows(path),
        "first_seq": file.first_seq,
        "last_seq": file.last_seq,
        "bytes": path.stat().st_size,
        "sha256": _sha256(path),
    }
    target = manifest_path(path)
    unfinished = target.with_name(f".{target.name}.new")
    with unfinished.open("wb") as out:
        out.write(orjson.dumps(facts, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(target)
    sync_folder(target.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _rows(path: Path) -> int:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(_PIECE), b""))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
