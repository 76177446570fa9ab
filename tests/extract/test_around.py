"""What is around an article and within its element, on pages written for the project."""

import time

import pytest

from aggregator.extract.article import find_article
from aggregator.model import FullText
from aggregator.text.plain import one_line, plain_text

URL = "https://herald.example/2026/ferry"
PROSE = "<p>The ferry to the islands will run twice a day from next Monday, the harbour office said on Thursday.</p>"
TITLE = "<title>The ferry is back - The Herald</title>"


def found(body: str, head: str = TITLE) -> str:
    return find_article(f"<html><head>{head}</head><body>{body}</body></html>", URL, FullText())


def text(body: str, head: str = TITLE) -> str:
    return one_line(plain_text(found(body, head)))


ALONE = one_line(plain_text(PROSE * 4))


@pytest.mark.parametrize(
    "around",
    [
        "<h1>The ferry is back</h1>",
        "<p>By Ada Quay</p><time>12 May 2026</time>",
        "<p>Published 2026-05-12</p><div>4 min read</div>",
        '<div class="share-bar"><a href="/s">Share</a> <a href="/t">Post</a></div>',
        '<div id="newsletter_box"><p>The best of the harbour, every week and for nothing at all.</p></div>',
        '<div role="alertdialog"><p>We use cookies and the like to count those who read this.</p></div>',
        '<ul><li><a href="#a">Fares</a></li><li><a href="#b">Times</a></li></ul>',
        '<nav><a href="/">Home</a></nav><form>Search</form>',
        '<h2 class="sr-only">You are here</h2>',
        "<script>var words = 'a long line of a script that nobody reads at all';</script><style>p { top: 1px }</style>",
    ],
)
def test_what_is_beside_the_article_goes_before_it(around: str) -> None:
    assert text(f"<main><article>{around}{PROSE * 4}</article></main>") == ALONE


@pytest.mark.parametrize(
    "around",
    [
        "<h2>Related posts</h2><ul><li><a href=/1>One</a></li><li><a href=/2>Two</a></li></ul>",
        '<div><h4>You might also like</h4></div><div class="x"><p>An offer</p></div>',
        "<div><div><a href=/1><h3>Another</h3></a> <p>It</p></div><div><h3><a href=/2>A third</a></h3></div></div>",
        '<p>Read also: <a href="/other">The other ferry is late for the third time</a></p>',
        "<h2>Next steps</h2><ul><li><a href=/1>One</a></li><li><a href=/2>Two</a></li></ul>",
        '<div class="comments"><p>I like this ferry very much, and I have been on it in the rain.</p></div>',
    ],
)
def test_what_leads_elsewhere_goes_after_it(around: str) -> None:
    assert text(f"<main><article>{PROSE * 4}{around}</article></main>") == ALONE


@pytest.mark.parametrize(
    "part",
    [
        '<section id="SharedValues"><p>What all of us on the islands hold dear, in the same words.</p></section>',
        "<ul><li>One crown for <a href=/1>children</a> and dogs</li><li>Four for <a href=/2>others</a></li></ul>",
        '<p>See:</p><ul><li><a href="/1">Fares</a></li><li><a href="/2">Times</a></li></ul>',
        '<div class="dropdown"><pre><code>row --to island</code></pre></div>',
        '<aside class="callout"><p>Take a coat.</p></aside>',
        '<section class="footnotes"><ol><li id="fn1">Not in winter.</li></ol></section>',
        '<div class="notes"><h5><a href="#a">(1)</a></h5><p><a href=/1>One</a></p><h5><a href="#b">(2)</a></h5></div>',
        '<p class="seealso">See also: <a href="/1">fares</a></p>',
        '<p>The <button type="button">pier</button> is new.</p>',
        "<table><tr><th>Day</th><th>Crowns</th></tr><tr><td>Monday</td><td>4</td></tr></table>",
        '<figure><img src="/b.jpg" alt="A boat"><figcaption>The old boat</figcaption></figure>',
    ],
)
def test_what_is_part_of_the_article_stays(part: str) -> None:
    markup = found(f"<main><article>{PROSE * 2}{part}{PROSE * 2}</article></main>")
    assert one_line(plain_text(part)) in one_line(plain_text(markup))
    assert ("<pre" in part, "<table" in part, "<img" in part) == tuple(
        f"<{tag}" in markup for tag in ("pre", "table", "img")
    )


def test_an_article_called_by_a_name_of_clutter_is_an_article() -> None:
    assert text(f'<div class="entry-content share-this">{PROSE * 4}</div>') == ALONE
    assert text(f'<div role="dialog" class="overlay">{PROSE * 4}</div>') == ALONE


def test_a_page_without_an_element_for_its_article_has_one() -> None:
    column = "".join(f'<a href="/{number}">A story of the month before</a><br>' for number in range(9))
    assert text(f"<table><tr><td>{PROSE * 4}</td><td>{column}</td></tr></table>") == ALONE


def test_a_longer_list_of_stories_is_not_the_article() -> None:
    """What the page itself calls its article counts."""
    teasers = "<div><p>A teaser of some length that tells of another thing on another island.</p></div>" * 6
    assert text(f"<div><article>{PROSE * 4}</article><div>{teasers}</div></div>") == ALONE


def test_the_article_has_the_words_that_the_page_tells_of_it() -> None:
    told = f'<meta name="description" content="{one_line(plain_text(PROSE))}">'
    offers = "<div><h4>Yours</h4><p>You always own what you write here, and the letters that you send.</p></div>" * 4
    assert text(f"<div><div>{offers}</div><div>{PROSE * 4}</div></div>", TITLE + told) == ALONE


def test_what_is_sent_late_is_in_its_place() -> None:
    """React sends what it waits for after the page, hidden."""
    page = f'<main>{PROSE}<template id="B:0"></template></main><div hidden id="S:0">{PROSE * 4}</div>'
    assert text(page) == one_line(plain_text(PROSE * 5))


def test_shapes_that_only_pages_have_become_what_they_stand_for() -> None:
    """Code that a style makes a block, headings within the links to them, notes behind the article's element."""
    code = '<code class="hl block">row --to island\nrow back</code><div class="code-block">sail</div>'
    link = '<a href="#fares"><div><h2 id="fares">Fares</h2></div></a>'
    notes = '<div class="footnotes"><p id="fn1">Not in winter.</p></div>'
    markup = found(f"<div><article>{PROSE * 3}{code}{link}{PROSE}</article>{notes}</div>")
    assert markup.count("<pre") == 2
    assert "<a " not in markup
    assert "Not in winter." in markup


def test_a_section_keeps_its_heading() -> None:
    assert "Fares" in text(f"<section><h2>Fares</h2><div>{PROSE * 4}</div></section>")


def test_a_page_that_is_a_trap_costs_no_more_than_its_length() -> None:
    """Nested deep, wide, full of links, full of what is taken out, or of the same words."""
    traps = [
        "<div>" * 50_000 + PROSE,
        PROSE * 4 + "<nav>x</nav>y" * 20_000,
        "<ul>" * 400 + '<li><a href="#a">b</a>' * 20_000,
        "<article>" * 3000 + PROSE * 2000,
        "<h2>Related posts</h2><div>" * 20_000,
        "<p>" + "a " * 500_000,
        "<span>Advertisement</span>" * 20_000 + PROSE * 9,
    ]
    started = time.process_time()
    for trap in traps:
        find_article(trap, URL, FullText())
    assert time.process_time() - started < 15
