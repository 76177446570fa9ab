"""Why a file cannot be written, and what to do: told when it fails, and as far as can be seen beforehand."""

import errno
import os
from pathlib import Path

_ADVICE = {
    errno.EACCES: "the user that the daemon runs as needs the right to write there",
    errno.EPERM: "the user that the daemon runs as needs the right to write there",
    errno.EROFS: "name another folder, or let the service write to it (with systemd: ReadWritePaths=)",
    errno.EISDIR: "a folder is there: name a file",
    errno.ENOTDIR: "a file is where a folder should be: name another path",
    errno.EEXIST: "a file is where a folder should be: name another path",
    errno.ENOSPC: "make room",
    errno.EDQUOT: "make room",
}


def told(error: OSError) -> str:
    """Return which file, why, and what to do."""
    where = f"{error.filename}: " if error.filename else ""
    advice = _ADVICE.get(error.errno or 0)
    return f"{where}{error.strerror or error}{f' ({advice})' if advice else ''}"


def hindrance(path: Path) -> str | None:
    """Return what would keep this process from writing a file, None where nothing is seen. Nothing is written."""
    if path.is_dir():
        return told(IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path)))
    there = next(each for each in (path, *path.parents) if _exists(each))
    if there != path and not there.is_dir():
        return told(NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there)))
    needed = os.W_OK if there == path else os.W_OK | os.X_OK
    if not os.access(there, needed):
        return told(PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there)))
    return None


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except PermissionError:  # what lies in a folder that may not be searched; the folder itself can be seen
        return False
