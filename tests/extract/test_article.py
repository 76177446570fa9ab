"""Articles of pages written for the project."""

import pytest

from aggregator.extract.article import read_article
from aggregator.model import FullText, Missed, Page

URL = "https://herald.example/2026/ferry"
SENTENCE = "The ferry to the islands will run twice a day from next Monday, the harbour office said on Thursday. "
ARTICLE = (
    f"<h1>The ferry</h1><p>{SENTENCE * 3}</p><p>Tickets stay at <b>four crowns</b> for all, and bicycles are free.</p>"
)


def a_page(article: str, *, head: str = "", around: str = "") -> str:
    return (
        f"<html><head><title>The ferry - The Herald</title>{head}</head><body><nav><a href=/>Home</a></nav>"
        f"<main><article>{article}</article></main>{around}<footer>All rights reserved.</footer></body></html>"
    )


def read(markup: str, *, url: str = URL, wanted: FullText | None = None) -> Page | Missed:
    return read_article(markup, url, asked=URL, wanted=wanted or FullText())


def text_of(markup: str, wanted: FullText | None = None) -> str:
    page = read(markup, wanted=wanted)
    assert isinstance(page, Page)
    return page.text


def test_the_article_is_found_without_what_is_around_it() -> None:
    """Its title, which the entry has, is not said again."""
    text = text_of(a_page(ARTICLE, around="<aside><a href=/1>More news</a></aside>"))
    assert text.startswith("The ferry to the islands")
    assert text.endswith("bicycles are free.")


def test_structure_survives() -> None:
    extra = (
        '<h2>Prices</h2><ul><li>One crown</li></ul><p>See <a href="/p">prices</a>.<img src="/b.jpg" alt="A boat"></p>'
    )
    page = read(a_page(ARTICLE + extra))
    assert isinstance(page, Page)
    assert all(part in page.markup for part in ("<h2>Prices</h2>", "<li>One crown</li>", 'href="', 'alt="A boat"'))


def test_selectors_say_what_is_the_article_and_what_is_not() -> None:
    """Several elements follow one another; one within another is there once."""
    markup = "<div class=a>One <i>not this</i><div class=a>two</div></div><p>no</p><div class=a>three</div>"
    assert text_of(markup, FullText(content=".a", remove=("i",))).split() == ["One", "two", "three"]
    assert "bicycles" not in text_of(a_page(ARTICLE), FullText(remove=("p:last-of-type",)))
    assert read(markup, wanted=FullText(content=".b")) == Missed(reason='nothing at ".b"')


@pytest.mark.parametrize(
    ("gate", "markup"),
    [
        ("paywall", a_page("<p>The ferry will run twice.</p>", around="<div>Subscribe now to continue reading</div>")),
        ("paywall", a_page("<p>Die Fähre fährt.</p><p>Dieser Artikel ist nur für Abonnenten.</p>")),
        ("paywall", a_page("<p>Le bac. Article réservé à nos abonnés.</p>")),
        (
            "paywall",
            a_page(
                ARTICLE,
                head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>',
            ),
        ),
        ("consent", a_page("<p>We and our 812 partners store cookies on your device for personalised ads.</p>")),
        ("consent", a_page("<p>Wir verwenden Cookies.</p><button>Alle Cookies akzeptieren</button>")),
        ("challenge", a_page("<p>Verifying you are human. This may take a few seconds.</p>")),
    ],
)
def test_a_gate_is_no_article(gate: str, markup: str) -> None:
    assert read(markup) == Missed(reason=gate)


@pytest.mark.parametrize(
    ("led", "gate"),
    [
        ("https://consent.herald.example/v2/collectConsent?id=1", "consent"),
        ("https://guce.herald.example/consent", "consent"),
        ("https://herald.example/login?next=/2026/ferry", "paywall"),
        ("https://herald.example/", "front page"),
    ],
)
def test_a_redirect_to_a_gate_is_known_by_its_address(led: str, gate: str) -> None:
    assert read(a_page(ARTICLE * 5), url=led) == Missed(reason=gate)


def test_what_a_paywall_shows_of_its_article_is_read() -> None:
    """Whether it is more than the feed says is for the digest to see."""
    prompt = "<div>Subscribe to continue reading</div>"
    assert len(text_of(a_page(ARTICLE * 2, around=prompt))) > 500
    assert read(a_page("<p>Wir verwenden Cookies.</p>" + ARTICLE * 2)) == Missed(reason="consent")


def test_a_long_article_under_a_banner_is_an_article() -> None:
    """Nor does an article become a gate by what it is about, or by where it was asked for."""
    banner = "<div>We value your privacy. Accept all cookies? Subscribe to continue reading.</div>"
    assert len(text_of(a_page(ARTICLE * 6, around=banner))) > 1500
    about = "<p>Readers who subscribe get cookies, said the baker on Monday morning at the market.</p>"
    assert "cookies" in text_of(a_page(ARTICLE + about))
    login = "https://herald.example/login/how-we-log-in"
    assert isinstance(read_article(a_page(ARTICLE), login, asked=login, wanted=FullText()), Page)


@pytest.mark.parametrize(
    "markup", ["", "\0", "<", "<html>" * 3000, "<p>" + "<b>" * 20_000, "<!--", "x" * 5000, "<a b=" * 999, "<frameset>"]
)
def test_nothing_that_a_page_says_raises(markup: str) -> None:
    assert isinstance(read(markup), Page | Missed)
