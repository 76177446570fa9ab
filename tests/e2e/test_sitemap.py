"""Sitemap indexes polled as feeds: the index, then what it names, in one poll."""

import gzip
from pathlib import Path

from tests.e2e.project import Project
from tests.e2e.site import Answer, Site, serving


def urlset(*stories: tuple[str, str]) -> str:
    """Return a news sitemap of (address, title)."""
    rows = (
        f"<url><loc>{url}</loc><n:news><n:publication_date>2026-06-01</n:publication_date><n:title>{title}</n:title>"
        "</n:news></url>"
        for url, title in stories
    )
    return f'<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">{"".join(rows)}</urlset>'


def index(*parts: tuple[str, str]) -> str:
    """Return an index of (address, date of change)."""
    rows = (f"<sitemap><loc>{url}</loc>{date and f'<lastmod>{date}</lastmod>'}</sitemap>" for url, date in parts)
    return f"<sitemapindex>{''.join(rows)}</sitemapindex>"


def asked(site: Site) -> list[str]:
    """Return the paths asked for since the last time, and forget them."""
    paths = [path for path, _ in site.seen]
    site.seen.clear()
    return paths


def test_an_index_is_read_with_its_parts(tmp_path: Path) -> None:
    """What has not changed is not asked for again; parts of other hosts are never asked for (SS-15)."""
    with serving() as site:
        parts = [
            ("/old.xml", "2020-01-01"),
            ("/new.xml", "2026-06-01"),
            (site.url("/x.xml", "127.0.0.2"), "2026-06-02"),
        ]
        site.answers["/map.xml"] = Answer.feed(index(*parts), ETag='"1"')
        site.answers["/old.xml"] = Answer.feed(urlset(("https://x.example/1", "One")))
        gzipped = gzip.compress(urlset(("https://x.example/2", "Two"), ("https://x.example/1", "One")).encode())
        site.answers["/new.xml"] = Answer(body=gzipped)
        project = Project(tmp_path, [site.url("/map.xml")])
        assert "2 new, 0 updated, 0 failed" in project.run("poll").stdout
        assert asked(site) == ["/map.xml", "/new.xml", "/old.xml"]
        assert sorted(record["title"] for record in project.records()) == ["One", "Two"]

        project.run("poll", "--force")
        assert asked(site) == ["/map.xml"]
        changed = [("/old.xml", "2020-01-01"), ("/new.xml", "2026-06-01T12:00:00Z")]
        site.answers["/map.xml"] = Answer.feed(index(*changed), ETag='"2"')
        assert "0 new, 0 updated, 0 failed" in project.run("poll", "--force").stdout
        assert asked(site) == ["/map.xml", "/new.xml"]


def test_an_index_without_dates_is_read_whole_every_time(tmp_path: Path) -> None:
    """That it is unchanged says nothing of its parts, so it is not asked whether it is."""
    with serving() as site:
        site.answers["/map.xml"] = Answer.feed(index(("/a.xml", "")), ETag='"1"')
        site.answers["/a.xml"] = Answer.feed(urlset(("https://x.example/1", "One")))
        project = Project(tmp_path, [site.url("/map.xml")])
        project.run("poll")
        site.answers["/a.xml"] = Answer.feed(urlset(("https://x.example/2", "Two")))
        assert "1 new" in project.run("poll", "--force").stdout
    assert all("if-none-match" not in headers for _, headers in site.seen)


def test_a_part_that_fails_is_asked_for_again(tmp_path: Path) -> None:
    """And costs the others nothing; a server that wants patience gets it (ST-07); none at all is a failure."""
    with serving() as site:
        site.answers["/map.xml"] = Answer.feed(index(("/a.xml", "2026-06-02"), ("/b.xml", "2026-06-01")), ETag='"1"')
        site.answers["/a.xml"] = Answer(body=b"", status=500)
        site.answers["/b.xml"] = Answer.feed(urlset(("https://x.example/1", "One")))
        project = Project(tmp_path, [site.url("/map.xml")])
        assert "1 new, 0 updated, 0 failed" in project.run("poll").stdout
        asked(site)
        site.answers["/b.xml"] = Answer(body=b"", status=404)
        assert "500" in project.run("poll", "--force", status=1).stderr
        assert asked(site) == ["/map.xml", "/a.xml", "/b.xml"]
        site.answers["/a.xml"] = Answer(body=b"", status=429, headers={"Retry-After": "3600"})
        project.run("poll", "--force", status=1)
        assert asked(site) == ["/map.xml", "/a.xml"]
        assert "asked us to wait" in project.run("poll", "--force").stdout
