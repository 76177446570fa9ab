"""Our feeds keep the rules of feedvalidator."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given

from aggregator.model import ParsedFeed, Record
from aggregator.parse import parse
from aggregator.publish.atom import to_atom
from aggregator.publish.channel import Channel, Syndication
from aggregator.publish.json_feed import to_json_feed
from aggregator.publish.news_sitemap import news_sitemap
from aggregator.publish.rss import to_rss
from aggregator.publish.syndication import SYNDICATIONS
from tests.publish.feed_rules import flaws
from tests.publish.feeding import NOW, a_channel
from tests.publish.forms import BASE, RECORD
from tests.publish.making import RECORDS
from tests.publish.test_round_trip import REFERENCES, TITLES

CORPUS = Path(__file__).parents[2] / "../shared/corpus/feeds-conformance"
# The rules that our checker knows for every element, and not for those that we write alone.
WHOLE = {
    "SAXError",
    "DangerousStyleAttr",
    "DuplicateAtomLink",
    "DuplicateEntries",
    "InvalidHttpGUID",
    "InvalidRFC3339Date",
    "InvalidTextType",
    "UnregisteredAtomLinkRel",
}
ATOM, RSS, JSON = SYNDICATIONS


def many(titles: list[str]) -> list[Record]:
    more = [
        replace(RECORD, slug=f"s{n}", canonical_source=f"https://x.example/{n} <é>\"'?a=1&b", title=title)
        for n, title in enumerate(titles)
    ]
    bare = replace(RECORD, slug="bare", title="Bare", published_at=None, summary="", body_md="", lang=None, topics=())
    return [RECORD, *more, replace(bare, canonical_source="urn:uuid:7c1dd4a2-5df5-5a0c-8a5b-7e1c4a0b2a11")]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus is not beside this checkout (../shared/corpus)")
def test_the_checker_finds_what_feedvalidator_finds() -> None:
    missed, found = [], Counter[str]()
    for line in (CORPUS / "EXPECTATIONS.jsonl").read_text(encoding="utf-8").splitlines():
        expected = json.loads(line)
        folder, said = expected["file"].split("/")[:2], expected.get("parsed", {})
        if folder not in (["feedvalidator", "atom"], ["feedvalidator", "rss20"]) or said.get("event") not in WHOLE:
            continue
        body = (CORPUS / expected["file"]).read_bytes()
        if not said["negated"] and (b"2005/Atom" in body or folder[1] == "rss20"):
            found[said["event"]] += 1
            missed += [] if said["event"] in flaws(body) else [expected["file"]]
    assert missed == []
    assert found.keys() == WHOLE
    assert flaws((CORPUS / "feedvalidator/atom/1.1/brief-noerror.xml").read_bytes()) == set()


def test_atom_keeps_the_rules() -> None:
    assert flaws(to_atom(a_channel(many(TITLES + REFERENCES), ATOM, lang="en"))) == set()
    assert flaws(to_atom(a_channel([], ATOM))) == set()


def test_rss_keeps_the_rules_and_its_titles_are_text_even_where_they_name_tags() -> None:
    """feedvalidator warns of a title that may be taken for HTML: such a one is, and says what it says all the same."""
    assert flaws(to_rss(a_channel(many(["3 < 4 & more", "東京"]), RSS, lang="zh-Hans"))) == set()
    assert flaws(to_rss(a_channel(many(TITLES + REFERENCES), RSS))) == {"ContainsHTML"}
    assert flaws(to_rss(a_channel([], RSS))) == set()


@given(RECORDS)
def test_the_rules_are_kept_whatever_a_record_holds(record: Record) -> None:
    titled = replace(record, title=record.title or "x")
    assert flaws(to_atom(a_channel([titled], ATOM))) == set()
    assert flaws(to_rss(a_channel([titled], RSS))) <= {"ContainsHTML"}


def test_a_json_feed_is_one() -> None:
    """jsonfeed.org/version/1.1: what has to be there, and that it is of its type."""
    channel: Channel = a_channel(many(TITLES), JSON, lang="en")
    feed = json.loads(to_json_feed(channel))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert {type(feed[key]) for key in ("title", "home_page_url", "feed_url", "description", "language")} == {str}
    assert len({item["id"] for item in feed["items"]}) == len(channel.records)
    for item in feed["items"]:
        assert isinstance(item["content_html"], str)
        assert all(re.fullmatch(r"https?://[^\s<>\"]+", item[key]) for key in ("id", "url"))
        assert all(isinstance(tag, str) for tag in item.get("tags", ()))
        assert set(item) <= {
            *("id", "url", "title", "content_html", "summary", "date_published", "date_modified", "tags", "language"),
        }


def test_the_news_sitemap_is_read_by_our_own_reader() -> None:
    records = many(TITLES)
    body = news_sitemap(records, site_name="news.example", base_url=BASE)
    read = parse(body, url=f"{BASE}/news-sitemap.xml", content_type="application/xml", now=NOW)
    assert (read.format, read.title) == ("sitemap-news", "news.example")  # type: ignore[union-attr]
    entries = read.entries  # type: ignore[union-attr]
    assert [entry.link for entry in entries] == [f"{BASE}/news/{record.slug}" for record in records]
    assert [entry.title and entry.title.value for entry in entries] == [record.title for record in records]
    assert entries[0].published == RECORD.published_at
    assert b"<news:language>und</news:language>" in body
    assert b"zh-cn" in news_sitemap([replace(RECORD, lang="zh-Hans")], site_name="x", base_url=BASE)


@pytest.mark.parametrize("form", SYNDICATIONS, ids=lambda form: form.suffix)
def test_a_feed_names_the_hubs_that_are_told_of_it(form: Syndication) -> None:
    """WebSub, section 4: hub and self are in the document."""
    hub = "https://hub.example/?a=1&b"
    document = form.render(a_channel([RECORD], form, hubs=(hub,)))
    read = parse(document, url=f"{BASE}/feed", content_type=form.content_type, now=NOW)
    assert isinstance(read, ParsedFeed)
    assert (read.hubs, read.topic) == ((hub,), f"{BASE}/feed{form.suffix}")
