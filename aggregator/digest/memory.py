"""Memory that documents leave behind."""

import ctypes

_M_MMAP_THRESHOLD = -3  # of mallopt(3)
_M_ARENA_MAX = -8
_LARGE = 512 * 1024  # bytes


def give_memory_back() -> None:
    """Have this process give memory back to the system once it is free; nothing where there is no glibc.

    Left alone, glibc takes more and more for small enough to keep, up to 32 MB: a daemon whose feeds are hostile then
    holds 45 MB more, and each of its workers 50. And each thread keeps an arena of its own, although one at a time runs
    Python: 3 MB after a cold poll.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
        mallopt(_M_ARENA_MAX, 1)
