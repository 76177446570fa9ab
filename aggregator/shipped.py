"""What comes with the program: data files of ``config/``, which the wheel carries inside the package; and extras."""

import functools
import hashlib
from pathlib import Path

from aggregator import __version__

_IN_WHEEL = Path(__file__).parent / "config"
_IN_CHECKOUT = Path(__file__).parents[1] / "config"


def shipped(name: str) -> Path:
    """Return where the shipped file of that name is; it may be read at any time."""
    packaged = _IN_WHEEL / name
    return packaged if packaged.exists() else _IN_CHECKOUT / name


def installing(extra: str) -> str:
    """Return how an extra is installed from where this program came: under its bare name an index has another's."""
    where = f"pip install '.[{extra}]' in the checkout" if _IN_CHECKOUT.exists() else ""
    return where or f"pip install './aggregator-{__version__}-py3-none-any.whl[{extra}]' beside the wheel"


@functools.cache
def edition(*files: Path) -> str:
    """Return eight hexadecimal digits that are others where the files hold something else. They are read once."""
    hashed = hashlib.blake2b(digest_size=4)
    for file in files:
        hashed.update(hashlib.blake2b(file.read_bytes()).digest())
    return hashed.hexdigest()
