"""Pages that are conversations."""

import time

import pytest

from aggregator.extract.article import find_article
from aggregator.model import FullText
from aggregator.text.plain import one_line, plain_text

URL = "https://talk.example/1"

HACKER_NEWS = """
<table class="fatitem"><tr><td><span class="titleline"><a href="https://pier.example/">The pier</a></span></table>
<table><tr class="comtr"><td><a class="hnuser">ada</a>
<span class="age" title="2026-05-12T10:00:00"><a href="item?id=2">1 h</a></span>
<div class="commtext">It is long.</div></td></tr></table>
"""
REDDIT = """
<div class="thing link"><div class="usertext-body"><p>The pier is long.</p></div></div>
<div class="thing comment"><a class="author">ada</a> <time datetime="2026-05-12T10:00:00Z">1 h</time>
<div class="usertext-body"><p>It is.</p></div>
<div class="thing comment"><a class="author">bo</a> <time datetime="2026-05-13">now</time>
<div class="usertext-body"><p>No.</p></div></div></div>
"""
GITHUB = """
<div class="timeline-comment"><a class="author">ada</a>
<div class="comment-body"><p>Make it longer.</p></div></div>
<div class="timeline-comment"><a class="author">bo</a>
<a href="#2"><relative-time datetime="2026-05-12">x</relative-time></a>
<div class="comment-body"><p>Done.</p></div></div>
"""
ISSUE = """
<div data-testid="issue-body"><div class="markdown-body"><p>The pier is too short.</p></div></div>
<div class="react-issue-comment"><div class="markdown-body"><p>Is it?</p></div></div>
"""
MASTODON = """
<div class="detailed-status"><div class="status__content"><p>The pier.</p></div></div>
<div class="status"><span class="display-name">Bo</span> <time datetime="2026-05-12">x</time>
<div class="status__content"><p>Long!</p></div></div>
"""
X = """
<article data-testid="tweet"><div data-testid="tweetText">The pier.</div></article>
<article data-testid="tweet"><div data-testid="User-Name">Bo</div>
<a href="/bo/2"><time datetime="2026-05-12">x</time></a>
<div data-testid="tweetText">Long!</div></article>
"""
DISCOURSE = """
<div class="crawler-post"><span class="creator">ada</span><div class="post"><p>The pier.</p></div></div>
<div class="crawler-post"><span class="creator">bo</span>
<time datetime="2026-05-12">x</time><div class="post"><p>Long!</p></div></div>
"""


def found(body: str) -> str:
    return find_article(f"<html><body><nav>Home</nav>{body}<footer>Contact</footer></body></html>", URL, FullText())


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (HACKER_NEWS, "The pier Comments ada · 2026-05-12 It is long."),
        (REDDIT, "The pier is long. Comments ada · 2026-05-12 It is. bo · 2026-05-13 No."),
        (GITHUB, "Make it longer. Comments bo · 2026-05-12 Done."),
        (ISSUE, "The pier is too short."),
        (MASTODON, "The pier. Comments Bo · 2026-05-12 Long!"),
        (X, "The pier. Comments Bo · 2026-05-12 Long!"),
        (DISCOURSE, "The pier. Comments bo · 2026-05-12 Long!"),
    ],
)
def test_a_conversation_is_its_post_and_the_replies(page: str, said: str) -> None:
    assert one_line(plain_text(found(page))) == said


def test_a_reply_to_a_reply_is_a_quote_in_a_quote() -> None:
    assert found(REDDIT).count("<blockquote>") == 3


def test_a_conversation_within_itself_is_no_longer_than_its_page() -> None:
    page = '<div class="crawler-post"><div class="post">x' * 200 + "word " * 20_000
    started = time.process_time()
    assert len(found(page)) < 3 * len(page)
    assert time.process_time() - started < 5
