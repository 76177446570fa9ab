"""How pages look: dark and light, on phones, by keyboard; and what axe-core has against them."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize

from tests.web.browser.conftest import Site
from tests.web.browser.library import PAGES

EVERY_PAGE = pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
PHONE, DESKTOP = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=900)
AXE = Axe()
STOPS = '[...document.querySelectorAll("a[href], button, input, [tabindex=\\"0\\"]")]'
STOP = "e => [e.tagName, e.getAttribute('href')]"
# What has the focus, whether it is seen, and whether it looks like it.
FOCUSED = """
() => {
  const e = document.activeElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const isOutlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return [e.tagName, e.getAttribute("href"), isOutlined && box.width > 0 && box.height > 0 && box.left >= 0];
}
"""
TOO_FAR_RIGHT = """
() => [...document.body.querySelectorAll("*")]
  .filter(e => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".wide")).map(e => e.outerHTML)
"""


def luminance(colour: str) -> float:
    """Return how light a colour is: 0 is black, 255 white."""
    red, green, blue = (float(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(","))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_what_people_prefer(browser: Browser, site: Site, scheme: str) -> None:
    page = browser.new_page(base_url=site.address, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto("/news/ferry")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    ink = page.evaluate("getComputedStyle(document.querySelector('h1')).color")
    darker, lighter = (paper, ink) if scheme == "dark" else (ink, paper)
    assert luminance(darker) < 40
    assert luminance(lighter) > 220
    page.close()


@EVERY_PAGE
def test_a_phone_shows_the_whole_width(page: Page, path: str) -> None:
    """Nothing scrolls sideways at 360 pixels but what is made to: wide tables."""
    page.set_viewport_size(PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(TOO_FAR_RIGHT) == []


def test_stories_from_right_to_left_begin_at_the_right_but_for_their_code(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(PAGES["story from right to left"])
    sides = """
        () => ["ul", "blockquote", "pre"].map(name => getComputedStyle(document.querySelector(`.body ${name}`)))
          .map(style => [style.direction, style.paddingRight > "0px", style.borderRightWidth])
    """
    lists, quote, code = page.evaluate(sides)
    assert (lists[:2], quote, code[0]) == (["rtl", True], ["rtl", True, "3px"], "ltr")


def test_a_wide_table_scrolls_and_breaks_no_word(page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto(PAGES["story"])
    assert page.locator(".wide").evaluate("e => e.scrollWidth > 1.5 * e.clientWidth")
    assert page.locator("th", has_text="remarks").evaluate("e => e.getClientRects()[0].height") < 60


@pytest.mark.parametrize(("width", "is_beside"), [(700, False), (760, True)])
def test_the_search_is_beside_the_navigation_or_as_wide_as_the_page(page: Page, width: int, is_beside: bool) -> None:
    page.set_viewport_size(ViewportSize(width=width, height=740))
    page.goto("/")
    box = page.locator(".find").bounding_box()
    assert box is not None
    assert (box["y"] < 30, box["width"] > width - 50) == (is_beside, not is_beside)


@pytest.mark.parametrize("path", [PAGES["front"], PAGES["search"], PAGES["story"], PAGES["feeds"]])
def test_everything_is_reached_by_keyboard_and_the_focus_is_seen(page: Page, path: str) -> None:
    """In the order of the page, beginning with a way past its head."""
    page.goto(path)
    stops = page.evaluate(f"{STOPS}.map({STOP})")
    reached = []
    for _ in stops:
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert reached == [[*stop, True] for stop in stops]
    assert stops[0] == ["A", "#main"]


def test_the_way_past_the_head_leads_to_the_content(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_story_is_searched_for_and_opened_by_keyboard_alone(page: Page) -> None:
    page.goto("/")
    tab_to(page, "#q")
    page.keyboard.type('title:sails "quieter engine"')
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=*")
    tab_to(page, ".found h2 a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/news/ferry")


def tab_to(page: Page, wanted: str) -> None:
    for _ in range(50):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches('{wanted}')"):
            return
    raise AssertionError(f"no way to {wanted}")


# Colours are another matter than room: two runs see each of them.
@EVERY_PAGE
@pytest.mark.parametrize(
    ("scheme", "viewport"), [("light", DESKTOP), ("dark", PHONE)], ids=["light", "dark on a phone"]
)
def test_axe_has_nothing_serious_against_a_page(page: Page, path: str, scheme: str, viewport: ViewportSize) -> None:
    """WCAG 2.2 AA as far as a program can tell, contrast of colours included."""
    page.set_viewport_size(viewport)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(path)
    found = AXE.run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in {"serious", "critical"}] == []


def test_axe_sees_what_is_wrong(page: Page) -> None:
    """That the instrument works: grey on grey, and a picture without a word."""
    page.set_content("<main><h1 style='color:#999;background:#888'>Grey</h1><img src='data:,'></main>")
    assert {"color-contrast", "image-alt"} <= {each["id"] for each in AXE.run(page).response["violations"]}
