"""Full text: pages of entries are fetched, robots.txt is obeyed, and where a page fails the feed's words stay."""

import json
import time
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, item, rss, serving

PARAGRAPHS = (
    "The ferry to the islands will run twice a day from next Monday, the harbour office said on Thursday morning.",
    "Passengers had asked for a second crossing since the old boat was taken out of service eleven years ago.",
    "Tickets stay at four crowns, and bicycles travel free of charge outside of the busiest summer weekends.",
    "Whoever lives on the islands may reserve a place by telephone until an hour before the boat leaves.",
)
FULL = "\n".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def page(body: str = FULL) -> Answer:
    """Return a page with an article, and with what sites put around one."""
    text = (
        '<html><head><title>The Herald</title></head><body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>'
        f'<article><h1>The ferry</h1><div class="body">{body}</div><div class="ad">Buy our boats!</div></article>'
        "<footer>© The Herald</footer></body></html>"
    )
    return Answer(body=text.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def feed_of(site: Site, *paths: str, body: str = "A second crossing.") -> Answer:
    """Return a feed of these pages."""
    return Answer.feed(rss(*(item(site.url(path), title=f"Story {path}", guid=path, body=body) for path in paths)))


def project_of(folder: Path, site: Site, wishes: str = "full_text = true") -> Project:
    """Return a project with one feed that wants full text."""
    elsewhere = f'[[feeds]]\nurl = "{site.url("/x", "127.0.0.2")}"\nenabled = false\n'  # so that its port is open
    return Project(folder, [], f'[[feeds]]\nurl = "{site.url("/feed")}"\n{wishes}\n{elsewhere}')


def asked(site: Site) -> list[str]:
    """Return the paths asked for since the last time, and forget them."""
    paths = [path for path, _ in site.seen]
    site.seen.clear()
    return paths


def bodies(project: Project) -> dict[str, str]:
    """Return the records' bodies by their titles."""
    return {record["title"]: record["body_md"] for record in project.records()}


def provenances(project: Project) -> list[str]:
    """Return where the bodies of all changes are from."""
    lines = project.run("export", "--changes").stdout.splitlines()
    return [json.loads(line)["provenance"]["body_md"] for line in lines]


def test_a_page_makes_its_entry_whole_and_is_asked_for_once(tmp_path: Path) -> None:
    """HT-14: robots.txt is asked for before pages, and once for all of them."""
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a", "/b"), "/a": page(), "/b": page()}
        project = project_of(tmp_path, site)
        done = project.run("poll").stdout
        assert "2 new, 0 updated" in done
        assert "read 2 pages for full text, 0 not" in done
        assert sorted(asked(site)) == ["/a", "/b", "/feed", "/robots.txt"]
        assert bodies(project)["Story /a"] == "\n\n".join(PARAGRAPHS)
        assert provenances(project) == ["page", "page"]

        site.answers["/feed"] = feed_of(site, "/a", "/b", "/c")
        site.answers["/c"] = page()
        assert "1 new, 0 updated" in project.run("poll", "--force").stdout
        assert sorted(asked(site)) == ["/c", "/feed", "/robots.txt"]


def test_what_robots_forbids_is_not_asked_for(tmp_path: Path) -> None:
    """HT-14: by the rules for us, on the origin that has the page; the entry is published as the feed has it."""
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/free/a", "/private/b"), "/free/a": page(), "/private/b": page()}
        rules = b"User-agent: *\nDisallow: /\n\nUser-agent: aggregator\nDisallow: /private/\n"
        site.answers["/robots.txt"] = Answer(body=rules, headers={"Content-Type": "text/plain"})
        project = project_of(tmp_path, site)
        assert "read 1 page for full text, 1 not" in project.run("poll").stdout
        assert "/private/b" not in asked(site)
        assert bodies(project)["Story /private/b"] == "A second crossing."
        assert sorted(provenances(project)) == ["feed", "page"]


def test_a_robots_file_that_cannot_be_had_forbids_for_now(tmp_path: Path) -> None:
    """RFC 9309, 2.3.1.4."""
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a"), "/a": page(), "/robots.txt": Answer(body=b"", status=500)}
        project = project_of(tmp_path, site)
        project.run("poll")
        assert "/a" not in asked(site)
        site.answers["/robots.txt"] = Answer(body=b"", status=404)
        assert "0 new, 1 updated" in project.run("poll", "--force").stdout
        assert len(bodies(project)["Story /a"]) > 300


def test_pages_that_give_no_article_leave_the_feed_as_it_is(tmp_path: Path) -> None:
    """A paywall, a request for consent, a front page, a file, a huge page, none: nothing is asked for again."""
    with serving() as site:
        wall = "<p>The ferry will run twice.</p><p>Subscribe to continue reading.</p>"
        consent = site.url("/collectConsent?next=1", "127.0.0.2")
        site.answers |= {
            "/wall": page(wall),
            "/led/on": Answer(body=b"", status=302, headers={"Location": consent}),
            "/collectConsent?next=1": page(),
            "/moved/away": Answer(body=b"", status=302, headers={"Location": "/"}),
            "/": page(),
            "/file": Answer(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"}),
            "/huge": page(FULL * 8000),
        }
        site.answers["/feed"] = feed_of(site, "/wall", "/led/on", "/moved/away", "/file", "/huge", "/gone")
        project = project_of(tmp_path, site)
        done = project.run("poll")
        assert "read 0 pages for full text, 6 not" in done.stdout
        reasons = ("paywall", "consent", "front page", "application/pdf", "larger than 3 MB", "HTTP 404 Not Found")
        assert all(reason in done.stderr for reason in reasons)
        assert set(bodies(project).values()) == {"A second crossing."}
        asked(site)
        project.run("poll", "--force")
        assert asked(site) == ["/feed"]


def test_a_page_that_says_less_than_the_feed_is_left(tmp_path: Path) -> None:
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a", body=FULL), "/a": page("<p>Read it in our app.</p>")}
        project = project_of(tmp_path, site)
        project.run("poll")
        assert bodies(project)["Story /a"] == "\n\n".join(PARAGRAPHS)


def test_a_page_that_fails_for_now_is_tried_three_times(tmp_path: Path) -> None:
    """Each at another poll; nothing is lost meanwhile, and nothing is told twice."""
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a", "/b"), "/a": Answer(body=b"", status=500)}
        site.answers["/b"] = Answer(body=b"", status=502)
        project = project_of(tmp_path, site)
        assert "2 new, 0 updated, 0 failed" in project.run("poll").stdout
        project.run("poll", "--force")
        site.answers["/b"] = page()
        assert "0 new, 1 updated" in project.run("poll", "--force").stdout
        assert asked(site).count("/a") == 3
        project.run("poll", "--force")
        assert not {"/a", "/b"} & set(asked(site))
        assert len(bodies(project)["Story /b"]) > 300


def test_an_article_stays_while_the_page_of_its_edit_cannot_be_had(tmp_path: Path) -> None:
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a"), "/a": page()}
        project = project_of(tmp_path, site)
        project.run("poll")
        site.answers["/feed"] = feed_of(site, "/a", body="A second crossing, at last.")
        site.answers["/a"] = Answer(body=b"", status=500)
        assert "0 new, 0 updated" in project.run("poll", "--force").stdout
        assert bodies(project)["Story /a"] == "\n\n".join(PARAGRAPHS)
        site.answers["/a"] = page(FULL + "<p>The harbour office changed the timetable on Friday.</p>")
        assert "0 new, 1 updated" in project.run("poll", "--force").stdout
        assert "timetable" in bodies(project)["Story /a"]


def test_the_operator_says_where_the_article_is(tmp_path: Path) -> None:
    """In the charset that the page names in its markup."""
    with serving() as site:
        text = (
            "<html><head><meta charset=windows-1251></head><body><p class=lead>Паром пойдёт.</p><p>Реклама</p>"
            '<p class=lead>Дважды <i class="x">ещё</i> в день, <a href="/b">сказали</a>.</p></body></html>'
        )
        site.answers |= {"/feed": feed_of(site, "/a", body="Паром.")}
        site.answers["/a"] = Answer(body=text.encode("cp1251"), headers={"Content-Type": "text/html"})
        project = project_of(tmp_path, site, 'content = "p.lead"\nremove = [".x"]')
        project.run("poll")
        link = site.url("/b")
        assert bodies(project)["Story /a"] == f"Паром пойдёт.\n\nДважды в день, [сказали]({link})."


def test_pages_wait_for_their_turn(tmp_path: Path) -> None:
    """At most twenty a poll, the rest at the next one; requests to one origin keep their distance."""
    with serving() as site:
        paths = [f"/{number}" for number in range(23)]
        site.answers |= {"/feed": feed_of(site, *paths), **dict.fromkeys(paths, page())}
        project = project_of(tmp_path, site)
        assert "read 20 pages for full text, 3 not" in project.run("poll").stdout
        assert len(asked(site)) == 22
        assert "0 new, 3 updated" in project.run("poll", "--force").stdout
        assert {len(body) > 300 for body in bodies(project).values()} == {True}
        assert len(asked(site)) == 5


def test_a_server_that_refuses_a_page_is_asked_for_no_other(tmp_path: Path) -> None:
    """ST-07: they are asked for at the next poll."""
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a", "/b"), "/a": Answer(body=b"", status=429), "/b": page()}
        project = project_of(tmp_path, site)
        assert "2 new, 0 updated, 0 failed" in project.run("poll").stdout
        assert sorted(asked(site)) == ["/a", "/feed", "/robots.txt"]
        assert set(bodies(project).values()) == {"A second crossing."}


def test_pages_on_another_origin_keep_their_distance(tmp_path: Path) -> None:
    with serving() as site:
        times: list[float] = []

        def timed() -> Answer:
            times.append(time.monotonic())
            return page()

        site.answers |= {"/a": timed, "/b": timed}
        links = [site.url(path, "127.0.0.2") for path in ("/a", "/b")]
        site.answers["/feed"] = Answer.feed(rss(*(item(link, guid=link, title=link) for link in links)))
        project = project_of(tmp_path, site)
        project.config.write_text(project.config.read_text().replace('host_delay = "0s"', 'host_delay = "700ms"'))
        assert "read 2 pages" in project.run("poll").stdout
        assert times[1] - times[0] >= 0.65


def test_a_kill_between_feed_and_pages_leaves_everything_once(tmp_path: Path) -> None:
    with serving() as site:
        site.answers |= {"/feed": feed_of(site, "/a", "/b"), "/a": page()}
        project = project_of(tmp_path, site)

        def killing() -> Answer:
            daemon.kill()
            return page()

        site.answers["/b"] = killing
        with project.start() as daemon:
            daemon.wait(60)
        site.answers["/b"] = page()
        assert "2 new, 0 updated" in project.run("poll", "--force").stdout
        assert provenances(project) == ["page", "page"]
