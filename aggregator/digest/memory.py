"""Memory that large documents leave behind."""

import ctypes

_M_MMAP_THRESHOLD = -3  # of mallopt(3)
_LARGE = 512 * 1024  # bytes


def return_large_blocks() -> None:
    """Have this process give large blocks back to the system once they are free; nothing where there is no glibc.

    Left alone, glibc takes more and more for small enough to keep, up to 32 MB: a daemon whose feeds are hostile then
    holds 45 MB more, and each of its workers 50.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
