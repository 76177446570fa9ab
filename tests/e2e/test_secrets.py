"""Secrets reach the server they are for, and nothing else (HT-16)."""

from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, item, rss, serving


def test_a_secret_is_sent_and_found_nowhere_else(tmp_path: Path) -> None:
    """HT-16, SS-17: not in the output, the store or the list of feeds."""
    (tmp_path / "token").write_text("t0ken-of-mine\n")
    with serving() as site:
        site.answers["/a"] = Answer.feed(rss(item("https://x.example/1")))
        project = Project(tmp_path, [])
        options = 'headers = {X-Token = {file = "token"}}\nauth = {user = "me", password = {file = "token"}}\n'
        with project.config.open("a") as file:
            file.write(f'[[feeds]]\nurl = "{site.url("/a")}"\n{options}')
        done = project.run("poll")
        listed = project.run("feeds", "list").stdout
        (headers,) = [headers for path, headers in site.seen if path == "/a"]
    assert headers["x-token"] == "t0ken-of-mine"
    assert headers["authorization"].startswith("Basic ")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("store"))
    for secret in ("t0ken-of-mine", headers["authorization"].removeprefix("Basic ")):
        assert secret not in done.stdout + done.stderr + listed
        assert secret.encode() not in kept
