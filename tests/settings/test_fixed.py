"""What a running daemon cannot change keeps its value, and is named."""

from pathlib import Path

from aggregator.settings import Settings, load
from aggregator.settings.fixed import as_far_as_running


def settings(folder: Path, text: str) -> Settings:
    path = folder / "aggregator.toml"
    path.write_text(text)
    return load(path, {})


def test_what_waits_for_a_restart_is_named_and_all_else_is_taken(tmp_path: Path) -> None:
    running = settings(tmp_path, "")
    wanted = settings(
        tmp_path,
        '[store]\nurl = "sqlite:///other.sqlite"\nkeep = "5d"\n[web]\nrate = 3\n[fetch]\ntimeout = "9s"\n'
        '[enrich]\nenabled = ["language"]\nstories = true\n',
    )
    merged, waiting = as_far_as_running(running, wanted)
    assert waiting == ("[store] url", "[web] rate", "[enrich] stories")
    assert (merged.store.url, merged.web, merged.enrich.stories) == (running.store.url, running.web, False)
    assert (merged.store.keep, merged.fetch, merged.enrich.enabled) == (
        wanted.store.keep,
        wanted.fetch,
        wanted.enrich.enabled,
    )
    assert merged.path == wanted.path
    assert as_far_as_running(running, running) == (running, ())
