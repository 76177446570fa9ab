"""Webhooks and commands of a real daemon: delivered, kept apart, killed, given up and replayed."""

import json
import random
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving
from tests.e2e.test_daemon import FAST, lines, logged, packed_lines, stop, until
from tests.receiver import SECRET, Message, Receiver, receiving

_APPEND = "import sys; open(sys.argv[1], 'a').write(sys.stdin.read())"


def outputs(receiver: Receiver, folder: Path, *, retry_for: str = "3d") -> str:
    """Return the settings of a webhook and a command that get everything, and one that nobody answers."""
    return (
        FAST
        + f"""
[[webhook]]
name = "chat"
url = "{receiver.url()}"
secret = "{SECRET}"
retry_for = "{retry_for}"
[[webhook]]
name = "silent"
url = "{receiver.url("/silent")}"
secret = "{SECRET}"
timeout = "2s"
[[command]]
name = "index"
argv = [{json.dumps(sys.executable)}, "-c", {json.dumps(_APPEND)}, {json.dumps(str(folder / "index.jsonl"))}]
kind = ["new", "updated"]
"""
    )


def to_chat(receiver: Receiver) -> list[Message]:
    """Return what the first webhook got."""
    return [message for message in receiver.got if message.path == "/hook"]


def publish(site: Site, stories: int) -> None:
    """Publish so many stories, the oldest edited whenever there are more (until that is too often)."""
    listed = [item(f"https://x.example/{n}", title=f"Story {n}", guid=f"g{n}") for n in range(1, stories)]
    edited = item("https://x.example/0", title="Story 0", body=f"Edit {stories}.", guid="g0")
    site.answers["/a"] = Answer.feed(rss(*listed[::-1], *([edited] if stories else [])))


def publish_plain(site: Site, stories: int) -> None:
    """Publish so many stories, none of them edited."""
    listed = [item(f"https://x.example/{n}", title=f"Story {n}", guid=f"g{n}") for n in range(stories)]
    site.answers["/a"] = Answer.feed(rss(*listed[::-1]))


def test_each_output_gets_everything_at_its_own_pace(tmp_path: Path) -> None:
    """OI-10, OI-16: one that nobody answers slows neither polling nor the others; the list says how they are."""
    release = threading.Event()
    with serving() as site, receiving() as receiver:

        def answer(message: Message) -> tuple[int, dict[str, str]]:
            if message.path == "/silent":
                release.wait(60)
            return 204, {}

        receiver.answer = answer
        publish_plain(site, 3)
        project = Project(tmp_path, [site.url("/a")], outputs(receiver, tmp_path))
        index = tmp_path / "index.jsonl"
        with running(project) as daemon:
            until(lambda: len(to_chat(receiver)) == 3 and index.exists() and len(index.read_bytes().splitlines()) == 3)
            publish_plain(site, 5)
            until(lambda: len(to_chat(receiver)) == 5 and len(index.read_bytes().splitlines()) == 5)
            until(lambda: "to be tried again" in project.run("webhooks", "list").stdout)
            assert stop(daemon) == 0
        release.set()
    messages = to_chat(receiver)
    assert all(message.is_signed for message in messages)
    assert [message.envelope["seq"] for message in messages] == [1, 2, 3, 4, 5]
    assert [json.loads(line) for line in index.read_bytes().splitlines()] == [message.envelope for message in messages]
    listed = [line.split("\t") for line in project.run("webhooks", "list").stdout.splitlines()]
    assert ["chat", "127.0.0.1", "5", "0", ""] in listed
    assert ["silent", "127.0.0.1", "0", "5", "1 to be tried again"] in listed
    assert "is an output" in project.run("export", "--consumer", "chat", status=64).stderr


def test_what_was_given_up_is_listed_and_replayed(tmp_path: Path) -> None:
    """And a receiver that is gone is stopped, until it is resumed."""
    with serving() as site, receiving() as receiver:
        status = {"/hook": 500}
        receiver.answer = lambda message: (status.get(message.path, 204), {})
        publish_plain(site, 1)
        project = Project(tmp_path, [site.url("/a")], outputs(receiver, tmp_path, retry_for="1s"))
        with running(project) as daemon:
            until(lambda: len(to_chat(receiver)) == 2)
            until(lambda: "HTTP 500" in project.run("webhooks", "dead").stdout)
            status["/hook"] = 410
            assert "1 dead letters" in project.run("webhooks", "replay", "chat", "1").stdout
            until(lambda: "stopped: HTTP 410" in project.run("webhooks", "list").stdout)
            status["/hook"] = 200
            before = len(to_chat(receiver))
            project.run("webhooks", "resume", "chat")
            until(lambda: {message.envelope["kind"] for message in to_chat(receiver)[before:]} == {"new", "health"})
            assert stop(daemon) == 0
        assert project.run("webhooks", "dead").stdout == ""
        ids = {message.headers["webhook-id"] for message in to_chat(receiver) if message.envelope["seq"] == 1}
        assert len(ids) == 1
        assert "did you mean" in project.run("webhooks", "resume", "chatt", status=64).stderr


@contextmanager
def running(project: Project) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon during the block; it does not outlive it."""
    with project.start() as daemon:
        try:
            yield daemon
        finally:
            daemon.kill()


def survive(folder: Path, *, kills: int, seed: int) -> None:
    """Kill the daemon at random moments while stories come and one is edited.

    In the end every receiver had every change, in order, the files hold each once, and the doctor finds no fault.
    """
    chance = random.Random(seed)
    with serving() as site, receiving() as receiver:
        receiver.answer = lambda message: (500 if message.path == "/silent" or chance.random() < 0.02 else 204, {})
        publish(site, 0)
        project = Project(folder, [site.url("/a")], outputs(receiver, folder))
        for round_ in range(1, kills + 1):
            with project.start() as daemon:
                before = len(site.seen)
                until(lambda before=before: len(site.seen) > before)  # type: ignore[misc]
                publish(site, 8 * round_)
                threading.Event().wait(chance.uniform(0, 2.5))
                daemon.kill()
        with running(project) as daemon:
            newest = f"https://x.example/{8 * kills - 1}"
            until(lambda: newest in {line["canonical_source"] for line in lines(project)}, 180)
            last = len(logged(project))
            index = folder / "index.jsonl"
            until(lambda: len(to_chat_seqs(receiver)) == last == len(indexed(index)) == len(lines(project)), 180)
            assert stop(daemon) == 0
    assert project.run("doctor").returncode == 0
    written = [(line["slug"], line["updated_at"]) for line in lines(project)]
    assert written == [(slug, at.replace(".000000+", "+")) for slug, at in logged(project)]
    assert len(set(written)) == len(written) == last
    assert packed_lines(project) == lines(project)
    assert len(project.records()) == 8 * kills
    assert all(message.is_signed for message in to_chat(receiver))
    check_order([message.envelope["seq"] for message in to_chat(receiver)], last)
    check_order([json.loads(line)["seq"] for line in index.read_bytes().splitlines()], last)
    ids = {(message.envelope["seq"], message.headers["webhook-id"]) for message in to_chat(receiver)}
    assert len(ids) == last


def to_chat_seqs(receiver: Receiver) -> set[int]:
    """Return the seqs that the first webhook was given."""
    return {message.envelope["seq"] for message in to_chat(receiver)}


def indexed(path: Path) -> set[int]:
    """Return the seqs that the command was given."""
    return {json.loads(line)["seq"] for line in path.read_bytes().splitlines()} if path.exists() else set()


def check_order(seqs: Sequence[int], last: int) -> None:
    """Every change came, and none before the one that it follows: what is repeated is repeated from there on."""
    assert set(seqs) == set(range(1, last + 1))
    assert seqs[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(seqs))


def test_a_killed_daemon_delivers_everything_in_order(tmp_path: Path) -> None:
    """OI-10: at least once, with the same webhook-id; a short run of the soak below."""
    survive(tmp_path, kills=3, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", [1])
def test_a_daemon_killed_a_hundred_times_delivers_everything_in_order(tmp_path: Path, seed: int) -> None:
    """OI-06, OI-10, DD-13, SQ-02."""
    survive(tmp_path, kills=100, seed=seed)
