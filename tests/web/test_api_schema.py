"""The API does what its description says, whatever it is asked (schemathesis)."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import schemathesis
from anyio.from_thread import start_blocking_portal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import CheckFunction
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from aggregator.feeds import load
from aggregator.model import Draft
from aggregator.store.location import open_store
from aggregator.store.writer import Writer
from aggregator.web.serving import serving
from aggregator.web.writing import writing
from tests.web.making import HERALD, LATER, a_library, a_story

TOKEN = "a-token-of-the-tests"
CONFIG = f"""
[store]
url = "sqlite:///store.sqlite"
[web]
listen = "127.0.0.1:0"
token = "{TOKEN}"
rate = 0
[[feeds]]
url = "{HERALD}"
"""
# A text may fit its description and be no URL; what breaks it may be no more once it stands in a query ("null").
_TOO_STRICT: list[CheckFunction] = [positive_data_acceptance, negative_data_rejection]


def stories() -> Iterator[Draft]:
    yield from (a_story(n, topics=("news",), lang="en") for n in range(1, 30))


@contextmanager
def an_api(folder: Path) -> Iterator[str]:
    """Serve the API from a thread of its own; offer its address."""
    with a_library(folder, *stories()):
        pass
    path = folder / "aggregator.toml"
    path.write_text(CONFIG, encoding="utf-8")
    configured = load(path, {}).settings
    store = open_store(configured.store.url)
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(Writer(store)) as write:
        site = serving(configured, store, lambda: LATER, writing(write, configured, {}))
        with portal.wrap_async_context_manager(site) as port:
            yield f"http://127.0.0.1:{port}"


def expect_as_described(address: str, examples: int) -> set[tuple[str, str, int]]:
    """Send requests that are as described, and others; return what was answered."""
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json").exclude(path="/api/changes/stream")
    strategies = [
        operation.ok().as_strategy(generation_mode=mode)
        for operation in schema.get_all_operations()
        if isinstance(operation, Ok)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    ]
    answered: set[tuple[str, str, int]] = set()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.one_of(strategies))
    def check(case: schemathesis.Case[Any]) -> None:
        if "wait" in (case.query or {}):
            case.query = {**case.query, "wait": "0"}
        got = case.call_and_validate(
            base_url=address, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30, excluded_checks=_TOO_STRICT
        )
        answered.add((case.method, case.path, got.status_code))

    check()
    return answered


def test_a_thousand_requests_of_any_kind_are_answered_as_described(tmp_path: Path) -> None:
    with an_api(tmp_path) as address:
        answered = expect_as_described(address, 1000)
    assert {path for _, path, status in answered if status < 300} == {
        *("/api/records", "/api/changes", "/api/search", "/api/feeds", "/api/poll")
    }
