"""A real daemon and a real hub."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from tests.e2e.project import Project
from tests.e2e.test_daemon import FAST, stop, until
from tests.websub.hub import a_hub
from tests.websub.making import feed_of, link


def test_a_daemon_subscribes_is_verified_and_tells_its_own_hubs(tmp_path: Path) -> None:
    """WS-06, WS-09, WS-12: and when it is told to listen no more, what was agreed is over."""
    with a_hub(tls=False) as hub:
        url = hub.publish("/feed", feed_of(1, links=link("hub", hub.url("/hub"))))
        websub = f'[websub]\nenabled = true\nhubs = ["{hub.url("/own")}"]\n'
        project = Project(tmp_path, [url], FAST + websub)
        config = project.config.read_text().replace('listen = "off"', 'listen = "127.0.0.1:0"')
        project.config.write_text(config)
        with project.start() as daemon:
            until(lambda: "/hub" in dict(hub.asked))  # which of the two hubs is asked first is open
            form = dict(hub.asked)["/hub"]
            log = (tmp_path / "daemon.log").read_text()
            port = re.findall(r"http://127\.0\.0\.1:(\d+)/", log)[0]
            assert form["hub.callback"].startswith("https://wpnews.pro/websub/")
            verify = {"hub.mode": "subscribe", "hub.topic": url, "hub.challenge": "1", "hub.lease_seconds": "86400"}
            callback = f"http://127.0.0.1:{port}{urlsplit(form['hub.callback']).path}"
            assert httpx.get(callback, params=verify, trust_env=False).text == "1"
            assert "\tactive\t" in project.run("websub", "list").stdout
            until(lambda: [path for path, _ in hub.asked].count("/own") == 3)
            stop(daemon)
        project.config.write_text(config.replace("enabled = true", "enabled = false"))
        with project.start() as daemon:
            until(lambda: "\tended\t" in project.run("websub", "list").stdout)
            stop(daemon)
    assert form["hub.callback"].rpartition("/")[2] not in (tmp_path / "daemon.log").read_text()
