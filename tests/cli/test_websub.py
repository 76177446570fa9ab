"""``aggregator websub``, run as a program."""

from pathlib import Path

import pytest

from aggregator.model import FeedId, Offer
from aggregator.websub import lease
from tests.e2e.project import Project
from tests.store.factory import NOW, a_store
from tests.websub.hub import a_hub
from tests.websub.making import feed_of, link

PAGE = '<!doctype html><link rel="hub" href="https://hub.example/"><link rel="self" href="/page">'
URL = "https://me:secret@x.example/feed"


@pytest.mark.parametrize(
    ("body", "topic"), [(feed_of(1, links=link("hub", "https://hub.example/")), ""), (PAGE, "page")]
)
def test_the_hub_of_a_feed_or_a_page_is_found(tmp_path: Path, body: str, topic: str) -> None:
    """WS-01."""
    with a_hub(tls=False) as hub:
        url = hub.publish("/", body)
        found = Project(tmp_path, []).run("websub", "discover", url).stdout
        assert found == f"hub: https://hub.example/\ntopic: {url}{topic}\n"


def test_what_names_no_hub_is_told(tmp_path: Path) -> None:
    with a_hub(tls=False) as hub:
        project = Project(tmp_path, [])
        url = hub.publish("/", feed_of(1))
        assert "names no hub" in project.run("websub", "discover", url, status=1).stderr
        assert "404" in project.run("websub", "discover", hub.url("/none"), status=1).stderr


def test_subscriptions_are_listed_without_what_is_secret(tmp_path: Path) -> None:
    offer = Offer(hub="https://hub.example/", topic=URL)
    with a_store(tmp_path, URL) as store, store.work() as work:
        pending = lease.begun(FeedId(1), URL, offer, token="t0ken", secret="s3cret", now=NOW)
        work.subscriptions.put(lease.verified(pending, "3600", NOW))
    listed = Project(tmp_path, [URL]).run("websub", "list").stdout
    assert listed == "https://***@x.example/feed\tactive\t2026-06-24 23:14:12\thttps://hub.example/\n"
