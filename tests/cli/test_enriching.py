"""``aggregator enrich status``, from a daemon that asks a model."""

import time
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, serving
from tests.model_server import model_server, said
from tests.refining.test_refiner import BODY, SUMMARY
from tests.stories import rss, story


def test_the_daemon_asks_the_model_and_status_says_what_it_cost(tmp_path: Path) -> None:
    with serving() as site, model_server() as server:
        server.reply = lambda _: said(summary=SUMMARY, entities=["Ann Lee"])
        site.answers["/feed"] = Answer.feed(rss([story(1, title="Ferry sails", body=BODY)]))
        llm = f'[enrich.llm]\nbase_url = "{server.base_url}"\nmodel = "small"\napi_key = "sk-secret"\n'
        project = Project(tmp_path, [], more=llm)
        project.run("poll")
        with project.start() as daemon:
            _wait(lambda: "enrich.llm" in project.run("consumers", "list").stdout)
            daemon.terminate()
            assert daemon.wait(30) == 0
        project = Project(tmp_path, [site.url("/feed")], more=llm)
        with project.start() as daemon:
            _wait(lambda: any(record["entities"] == ["Ann Lee"] for record in project.records()))
            daemon.terminate()
            assert daemon.wait(30) == 0
        head, lag, names, today, *_ = project.run("enrich", "status").stdout.splitlines()
        assert head.startswith("small at http://127.0.0.1")
        assert lag == "changes to come: 0"
        assert names.split("\t")[1:] == ["requests", "tokens", "changed", "refused", "failed", "hit rate"]
        assert today.split("\t")[1:] == ["1", "100", "1", "0", "0", "0 %"]
        assert '"provenance":' in project.run("export", "--changes").stdout
        everything = project.run("enrich", "status").stdout + (tmp_path / "daemon.log").read_text()
        assert "sk-secret" not in everything
        assert b"sk-secret" not in (tmp_path / "store.sqlite").read_bytes()


def _wait(done: object) -> None:
    assert callable(done)
    ends = time.monotonic() + 30
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.1)
