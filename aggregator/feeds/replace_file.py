"""Replacing a file at once or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def replace_file(path: Path, body: bytes) -> None:
    """Put ``body`` in the place of what ``path`` holds, or links to, and keep its mode and, where allowed, its owner.

    A reader, and a crash at any moment, finds the old file or the new one. Raises OSError.
    """
    target = path.resolve(strict=True)
    before = target.stat()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(body)
            os.fchmod(file.fileno(), before.st_mode & 0o7777)
            with suppress(PermissionError):
                os.fchown(file.fileno(), before.st_uid, before.st_gid)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
