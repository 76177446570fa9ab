"""SQLite's own known bugs that can cost data."""

_Version = tuple[int, ...]
# Introduced, fixed, and the releases that the fix was carried back to.
_WAL_RESET: tuple[_Version, _Version, tuple[_Version, ...]] = ((3, 7, 0), (3, 51, 3), ((3, 50, 7), (3, 44, 6)))


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether two connections that checkpoint at once can lose a commit or damage the file (SQ-04)."""
    introduced, fixed, carried_back = _WAL_RESET
    mended = any(version[:2] == release[:2] and version >= release for release in carried_back)
    return introduced <= version < fixed and not mended
