"""The rules that come with the program: data files of ``config/``, which the wheel carries inside the package."""

from pathlib import Path

_IN_WHEEL = Path(__file__).parent / "config"
_IN_CHECKOUT = Path(__file__).parents[1] / "config"


def shipped(name: str) -> Path:
    """Return where the shipped file of that name is; it may be read at any time."""
    packaged = _IN_WHEEL / name
    return packaged if packaged.exists() else _IN_CHECKOUT / name
