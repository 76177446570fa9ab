"""Share buttons and their boxes."""

import pytest

from aggregator.normalize.html import sanitise
from tests.normalize.making import BASE

TWEET = '<a class="pop" href="http://twitter.com/home?status=Ferry%3A+x"><img src="https://cdn.example/t.png" /></a>'
SHARE = '<a href="http://www.facebook.com/sharer.php?u=x"><img src="https://cdn.example/f.png" /></a>'


def test_a_box_of_share_icons_vanishes() -> None:
    box = f'<div class="share_submission" style="position:relative;">\n{TWEET}\n{SHARE}\n\n</div>'
    assert sanitise(f"<p>a</p>{box}<p>b</p>", BASE) == "<p>a</p><p>b</p>"


def test_share_icons_without_a_box_vanish() -> None:
    assert sanitise(f"<p>a {TWEET}{SHARE} b</p>", BASE) == "<p>a  b</p>"


@pytest.mark.parametrize("name", ["sharedaddy", "feedflare", "addtoany_content", "social-share", "post-sharing-links"])
def test_a_box_of_share_links_vanishes(name: str) -> None:
    box = f'<div class="{name}"><h3>Share this:</h3><ul><li><a href="https://x.example/">Email</a></li></ul></div>'
    assert sanitise(f"a{box}b", BASE) == "ab"


def test_a_box_within_a_box_goes_with_it() -> None:
    assert sanitise('<div class="share">x<div class="inner"><div>y</div></div></div>z', BASE) == "z"


def test_an_article_about_sharing_stays() -> None:
    words = "Sharing a ferry is older than the harbour itself. " * 3
    assert words.strip() in sanitise(f'<div class="social-issues">{words}</div>', BASE)


def test_a_share_link_in_a_sentence_stays() -> None:
    sentence = '<p>See <a href="https://twitter.com/share?text=x">the share page</a> of it.</p>'
    assert sanitise(sentence, BASE) == sentence


def test_a_link_to_a_post_stays_even_with_an_icon() -> None:
    post = '<a href="https://twitter.com/ferry/status/1"><img src="https://cdn.example/t.png" alt=""></a>'
    assert sanitise(post, BASE) == post
