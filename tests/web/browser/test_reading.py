"""What people do with the site: browse, search, page through it, read a story in its forms, wait for news."""

import json
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.store.factory import NOW, a_digest, poll
from tests.web.browser.conftest import Site
from tests.web.making import GAZETTE, a_story, index

MONDAY = "Ferry sails again to the island harbour"


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def titles(page: Page) -> list[str]:
    return page.locator(".stories h2 a, .stories h3 a").all_inner_texts()


def test_the_front_page_leads_to_topics_stories_names_sources_and_back(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="Transport").first.click()
    assert "Transport" not in page.locator(".stories .topic").all_inner_texts()
    assert (heading(page), page.locator(".kicker").inner_text()) == ("Transport", "TOPIC")
    page.get_by_role("link", name=MONDAY).click()
    assert heading(page) == MONDAY
    assert page.locator("th", has_text="boat").is_visible()
    page.get_by_role("link", name="Ann Harbour").click()
    assert (heading(page), titles(page)) == ("Ann Harbour", [MONDAY])
    page.get_by_role("link", name="herald.example/feed").click()
    assert heading(page) == "herald.example/feed"
    assert page.get_by_text("Next poll").is_visible()
    assert (
        page.get_by_role("link", name="herald.example", exact=True).get_attribute("href") == "https://herald.example/"
    )
    page.get_by_role("link", name="Latest", exact=True).click()
    assert page.url.endswith("/")


def test_the_search_marks_what_it_found_and_is_narrowed_by_a_facet(page: Page) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill('"is about"')
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("status").inner_text() == "70 stories"
    assert page.locator("mark").first.inner_text() == "is about"
    colours = page.locator("mark").first.evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e.parentElement).backgroundColor]"
    )
    assert colours[0] != colours[1]
    narrow = page.get_by_role("complementary", name="Narrow the search")
    narrow.get_by_role("link", name="Harbour towns").click()
    assert page.get_by_role("status").inner_text() == "61 stories"
    assert page.get_by_role("searchbox").input_value() == '"is about" topic:harbour-towns'


@pytest.mark.parametrize(("path", "following"), [("/", "Older stories"), ("/search?q=story", "Next page")])
def test_pages_go_on_until_everything_was_seen_once(page: Page, path: str, following: str) -> None:
    page.goto(path)
    seen = titles(page)
    while (more := page.get_by_role("link", name=following)).count():
        more.click()
        page.wait_for_load_state()
        seen += titles(page)
    assert len(seen) == len(set(seen)) >= 69


def test_a_story_is_offered_in_its_other_forms(page: Page) -> None:
    for name, start in (("Markdown", "---\nslug: "), ("Plain text", MONDAY), ("JSON-LD", "{"), ("JSON", "{")):
        page.goto("/news/ferry")
        address = page.get_by_role("link", name=name, exact=True).get_attribute("href")
        got = page.request.get(str(address))
        assert got.text().startswith(start)
        assert not name.startswith("JSON") or MONDAY in json.dumps(json.loads(got.text()))
    page.goto("/news/ferry.txt")
    assert page.locator("body").inner_text().startswith(MONDAY)


def test_the_history_of_a_story_shows_what_came_and_what_went(page: Page) -> None:
    page.goto("/news/ferry")
    page.get_by_role("link", name="History").click()
    assert "a quieter engine" in "".join(page.locator("ins").all_inner_texts())
    assert "told" in "".join(page.locator("del").all_inner_texts())
    lines = page.locator("ins, del").evaluate_all("all => all.map(e => getComputedStyle(e).textDecorationLine)")
    assert set(lines) == {"underline", "line-through"}


def test_feeds_are_drawn_with_what_they_brought_and_how_late(page: Page) -> None:
    page.goto("/feeds")
    card = page.locator(".card").first
    names = [card.locator("svg title").nth(n).text_content() for n in range(2)]
    assert names[0] == "New stories a day in the last 14 days: 69 in all, 64 at most"
    assert names[1] == "Delay from publication to here in the last 14 days: 25 h on average, 2 days at most"
    assert card.locator("svg desc").nth(1).text_content() == f"From 2026-06-11 on: {'–, ' * 12}2 days, 1 h"
    assert page.locator(".card", has_text="Broken").locator(".reason").inner_text() == "HTTP 503 Service Unavailable"


def test_feeds_that_fail_are_shown_alone(page: Page) -> None:
    page.goto("/feeds")
    page.get_by_role("link", name="Failing 1").click()
    assert page.locator(".card .reason").all_inner_texts() == ["HTTP 503 Service Unavailable"]
    assert page.locator(".card").count() == 1
    page.get_by_role("link", name="All 3", exact=True).click()
    assert page.locator(".card").count() == 3


def test_what_is_polled_while_a_page_is_open_shows_at_once(page: Page, site: Site) -> None:
    """Over server-sent events; the page itself is not loaded again until somebody asks for it."""
    with page.expect_response(re.compile("/api/changes/stream")):
        page.goto("/")
    assert page.get_by_role("status").is_hidden()
    page.evaluate("window.same = true")
    for number, said in ((201, "1 new story"), (202, "2 new stories")):
        poll(site.store, GAZETTE, a_digest(a_story(number, title=f"Breaking {number}")), NOW + timedelta(hours=number))
        expect(page.get_by_role("status")).to_have_text(said)
    assert page.evaluate("window.same")
    page.get_by_role("status").get_by_role("link").click()
    expect(page.get_by_role("link", name="Breaking 202")).to_be_visible()
    index(site.store)


def test_many_tabs_leave_connections_free_and_miss_nothing(browser: Browser, site: Site) -> None:
    """A browser has six to a host. Each tab counts from what its page shows, whenever it is looked at again."""
    context = browser.new_context(base_url=site.address)
    tabs = [context.new_page() for _ in range(8)]
    for tab in tabs:
        tab.goto("/", timeout=10_000)
    poll(site.store, GAZETTE, a_digest(*(a_story(n) for n in (301, 302))), NOW + timedelta(days=10))
    expect(tabs[-1].get_by_role("status")).to_have_text("2 new stories")
    assert tabs[0].get_by_role("status").is_hidden()
    tabs[0].evaluate("dispatchEvent(new Event('focus'))")  # the tool shows all tabs at once: it never comes by itself
    expect(tabs[0].get_by_role("status")).to_have_text("2 new stories")
    context.close()
    index(site.store)


def test_everything_is_there_without_javascript(browser: Browser, site: Site) -> None:
    page = browser.new_page(base_url=site.address, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Older stories").click()
    assert len(titles(page)) == 30
    page.get_by_role("searchbox").fill("ferry")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=MONDAY, exact=True).click()
    assert heading(page) == MONDAY
    page.get_by_role("link", name="Feeds", exact=True).click()
    assert page.locator(".card svg").count() >= 3
    page.close()
