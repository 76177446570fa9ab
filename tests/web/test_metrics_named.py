"""The metrics, their description and the dashboard name the same."""

import json
import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from aggregator.store.fleet import FleetStanding
from aggregator.store.readers import ConsumerStatus
from aggregator.store.timing import Standing
from aggregator.vitals import Vitals
from tests.store.factory import NOW

ROOT = Path(__file__).parents[2]
NAME = re.compile(r"\baggregator_\w+")


def offered() -> set[str]:
    """Return the names of all samples of a daemon that has a consumer and is one of a fleet."""
    vitals = Vitals(NOW)
    consumer = ConsumerStatus(name="archive", seq=0, lag=0, at=NOW)  # type: ignore[arg-type]
    fleet = FleetStanding(members=1, waiting=0, held=0, lags=(0.0,), reaped=0)
    standing = Standing(feeds={"ok": 1}, due=0, oldest=None, seq=0)  # type: ignore[arg-type]
    text = vitals.text(standing, [consumer], NOW, fleet)
    families = text_string_to_metric_families(text.decode())
    names = {f"{each.name}{'_total' if each.type == 'counter' else ''}" for each in families}
    return {name for name in names if not name.endswith("_created")}


def test_every_metric_is_described_and_no_other() -> None:
    rows = re.findall(r"^\| `(aggregator_\w+)` \|", (ROOT / "docs/reference/health.md").read_text(), re.MULTILINE)
    assert set(rows) == offered()
    assert set(NAME.findall((ROOT / "docs/reference/health.md").read_text())) <= offered()


def test_the_dashboard_shows_metrics_that_there_are() -> None:
    board = json.loads((ROOT / "config/grafana.json").read_text())
    shown = {
        name.removesuffix("_bucket")
        for panel in board["panels"]
        for target in panel["targets"]
        for name in NAME.findall(target["expr"])
    }
    assert len(shown) > 8
    assert shown <= offered()
