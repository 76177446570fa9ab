"""Secrets reach the server they are for, and nothing else (HT-16)."""

from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving
from tests.e2e.test_sitemap import index, urlset


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


def _personal_project(folder: Path, url: str, *others: str) -> Project:
    project = Project(folder, others)
    options = 'headers = {X-Token = "t0ken"}\nuser_agent = "mine/1"\nauth = {user = "me", password = "s3cret"}\n'
    with project.config.open("a") as file:
        file.write(f'[[feeds]]\nurl = "{url}"\n{options}')
    return project


def _what_was_sent(site: Site, path: str) -> tuple[str | None, bool, str | None]:
    (headers,) = [headers for asked, headers in site.seen if asked == path]
    return headers.get("x-token"), "authorization" in headers, headers.get("user-agent")


def test_the_parts_of_a_feed_are_asked_for_as_the_feed_is(tmp_path: Path) -> None:
    """HT-16, SS-17: headers, credentials and User-Agent, on the same host."""
    with serving() as site:
        site.answers["/map.xml"] = Answer.feed(index(("/a.xml", "2026-06-01")))
        site.answers["/a.xml"] = Answer.feed(urlset(("https://x.example/1", "One")))
        _personal_project(tmp_path, site.url("/map.xml")).run("poll")
        assert _what_was_sent(site, "/a.xml") == ("t0ken", True, "mine/1")


def test_what_is_personal_does_not_follow_a_feed_to_parts_elsewhere(tmp_path: Path) -> None:
    """ST-21, SS-17: the index was found on another host, and names parts there."""
    with serving() as site:
        there = site.url("/map.xml", "127.0.0.2")
        site.answers["/moved"] = Answer(body=b"", status=302, headers={"Location": there})
        site.answers["/map.xml"] = Answer.feed(index(("/a.xml", "2026-06-01")))
        site.answers["/a.xml"] = Answer.feed(urlset(("https://x.example/1", "One")))
        site.answers["/other"] = Answer.feed(rss(item("https://x.example/2")))  # opens the port there
        _personal_project(tmp_path, site.url("/moved"), site.url("/other", "127.0.0.2")).run("poll")
        assert _what_was_sent(site, "/moved") == ("t0ken", True, "mine/1")
        assert _what_was_sent(site, "/a.xml") == (None, False, "mine/1")
