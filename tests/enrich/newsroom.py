"""Enrichers as an operator might write them: good, bad and hostile."""

import os
import time
from datetime import UTC, datetime
from itertools import count
from typing import Any

from aggregator.enrich.custom import Story

_CALLS = count()


def words(story: Story) -> dict[str, object]:
    """Behave."""
    return {"words": len(story.text.split()), "lang": story.lang, "at": story.published_at}


def nothing(story: Story) -> dict[str, object]:
    """Find nothing."""
    return {}


def fails(story: Story) -> dict[str, object]:
    """Fail on every story."""
    raise ZeroDivisionError(story.title)


def leaves(story: Story) -> dict[str, object]:
    """End the process, as it thinks."""
    raise SystemExit(3)


def hangs(story: Story) -> dict[str, object]:
    """Hang, and hold on."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends:
        try:
            time.sleep(5)
        except Exception:  # noqa: BLE001
            continue
    return {}


def large(story: Story) -> dict[str, object]:
    """Return everything twice."""
    return {"text": story.text * 2 + "x" * 5000}


def no_mapping(story: Story) -> Any:
    """Return a list."""
    return [story.title]


def no_json(story: Story) -> dict[str, object]:
    """Return what is no JSON."""
    return {"environ": os.environ.__class__}


def fickle(story: Story) -> dict[str, object]:
    """Find something else every time."""
    return {"call": next(_CALLS), "now": datetime.now(UTC).isoformat()}
