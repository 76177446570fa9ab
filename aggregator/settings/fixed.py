"""What a running daemon cannot change."""

from typing import Any

from aggregator.settings.models import Settings

FIXED = {
    "store": ("url", "password"),
    "site": ("base_url",),
    "web": ("listen", "token", "rate", "listeners"),
    "websub": ("enabled", "hubs"),
    "enrich": ("llm", "stories", "again"),
    "telemetry": ("endpoint",),
}


def as_far_as_running(running: Settings, wanted: Settings) -> tuple[Settings, tuple[str, ...]]:
    """Return ``wanted`` with what cannot change as it is in ``running``, and the keys that so wait for a restart."""
    kept: dict[str, Any] = {}
    waiting: list[str] = []
    for section, keys in FIXED.items():
        before, after = getattr(running, section), getattr(wanted, section)
        kept[section] = after.model_copy(update={key: getattr(before, key) for key in keys})
        waiting += [f"[{section}] {key}" for key in keys if getattr(before, key) != getattr(after, key)]
    return wanted.model_copy(update=kept), tuple(waiting)
