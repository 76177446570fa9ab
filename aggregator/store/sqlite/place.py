"""Where the file lies: room, rights, and what kind of file system that is."""

import glob
import os
import pwd
import shlex
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from aggregator.model import Finding
from aggregator.text.counted import counted

_LEAST_FREE = 64 * 2**20
_LARGE_LOG = 256 * 2**20  # four times what the log is cut to (SQ-01)
_WORKED_ON = ("-wal", "-shm", ".lock")  # by whoever polls, beside the file itself
# WAL needs shared memory and locks that hold (SQ-13).
_UNFIT = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "overlay", "aufs"})


def place_findings(path: Path) -> Iterator[Finding]:
    """Yield what is wrong with the place of a store."""
    kind = file_system(path.resolve(), Path("/proc/self/mountinfo").read_text().splitlines())
    if kind in _UNFIT:
        yield _warning(
            "file-system",
            f"{path} is on {kind}, which need not keep the locks and the shared memory that SQLite relies on",
            "keep the store on a local disk (in a container: on a volume)",
        )
    yield from _room(path)
    yield from _rights(path)
    yield from _owners(path)
    yield from _aside(path)


def file_system(path: Path, mounts: Iterable[str]) -> str | None:
    """Return the type of the file system that ``path`` is on, by the lines of /proc/self/mountinfo."""
    best, kind = -1, None
    for line in mounts:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].encode().decode("unicode_escape")
        if len(point) >= best and path.is_relative_to(point):  # of two on one point the later one is seen
            best, kind = len(point), after.split(" ")[0]
    return kind


def _room(path: Path) -> Iterator[Finding]:
    log = path.with_name(f"{path.name}-wal")
    try:
        disk = os.statvfs(path.parent)
        size, pending = path.stat().st_size, log.stat().st_size if log.exists() else 0
    except OSError as error:
        yield _problem("disk", f"{path.parent} cannot be looked at: {error.strerror}", "give its user the right to")
        return
    free = disk.f_bavail * disk.f_frsize
    if free < _LEAST_FREE:
        yield _problem("disk", f"{_megabytes(free)} are free beside {path}", "make room; without any, polling pauses")
    elif free < size:
        yield _warning(
            "disk",
            f"{_megabytes(free)} are free beside {path}, which has {_megabytes(size)}",
            "an upgrade copies the store before it changes it: make room, and send backups elsewhere",
        )
    if pending > _LARGE_LOG:
        yield _warning(
            "wal",
            f"the write-ahead log has {_megabytes(pending)}",
            "somebody reads without an end, and so keeps it from being folded in (SQ-05): end that process",
        )


def _rights(path: Path) -> Iterator[Finding]:
    try:
        mode = path.stat().st_mode
    except OSError:
        return
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield _warning(
            "rights",
            f"{path} is open to others than its owner (mode {stat.S_IMODE(mode):o})",
            "chmod 600, unless they are meant to read it: URLs in it may hold credentials",
        )
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        yield _problem("rights", f"{path} or its folder may not be written", "polling needs both; see to the rights")


def _owners(path: Path) -> Iterator[Finding]:
    """Yield what the user who polls could not open, whoever that is: root, who may open everything, must not tell."""
    try:
        owner = path.parent.stat().st_uid
        parts = [each for each in path.parent.glob(f"{glob.escape(path.name)}*") if each.name.endswith(_WORKED_ON)]
        others = sorted(each.name for each in (path, *parts) if each.stat().st_uid != owner)
    except OSError:
        return
    if others and os.geteuid() == 0:
        yield _problem(
            "owner",
            f"{path.parent} belongs to {_user(owner)}, and {', '.join(others)} in it to somebody else",
            f"chown --reference={shlex.quote(str(path.parent))} {shlex.quote(str(path))}*, unless root polls",
        )


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}"


def _aside(path: Path) -> Iterator[Finding]:
    aside = [each for each in path.parent.glob(f"{glob.escape(path.name)}.before-restore-*") if each.is_file()]
    if aside:
        restores = counted(sum(each.name.endswith("Z") for each in aside), "restore")
        size = _megabytes(sum(each.stat().st_size for each in aside))
        yield _warning(
            "restores",
            f"stores of before {restores} take {size}",
            f"when all is well: rm {shlex.quote(str(path))}.before-restore-*",
        )


def _megabytes(size: int) -> str:
    return f"{size / 10**6:,.1f} MB"


def _problem(check: str, message: str, advice: str) -> Finding:
    return Finding(check=check, severity="problem", message=message, advice=advice)


def _warning(check: str, message: str, advice: str) -> Finding:
    return Finding(check=check, severity="warning", message=message, advice=advice)
