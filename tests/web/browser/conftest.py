"""One Chromium for all of them, one site for each module, and pages that tell what went wrong in them."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

from aggregator.store.contract import Store
from tests.normalize.browser import CHROMIUM, chromium
from tests.store.factory import NOW
from tests.web.browser.library import a_full_library
from tests.web.browser.serving import served


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A site that is served, and what it shows."""

    address: str
    store: Store


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH (Debian: apt install chromium)")
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with a_full_library(tmp_path_factory.mktemp("site")) as store, served(store, lambda: NOW) as address:
        yield Site(address=address, store=store)


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """Offer a page of the site; whatever it loads has to be of the site, and allowed by its own policy."""
    opened = browser.new_page(base_url=site.address)
    asked: list[str] = []
    said: list[str] = []
    opened.on("request", lambda request: asked.append(request.url))
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("console", lambda message: said.extend(_refusals(message)))
    yield opened
    opened.close()
    assert [url for url in asked if not url.startswith(f"{site.address}/")] == []
    assert said == []


def _refusals(message: ConsoleMessage) -> list[str]:
    return [message.text] if "Content Security Policy" in message.text else []
