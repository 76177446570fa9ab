"""Our feeds, read by our own reader, give the records that they were made of."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Record
from aggregator.publish.channel import Syndication
from aggregator.publish.syndication import SYNDICATIONS
from aggregator.text.markdown import text_of
from tests.publish.feeding import a_channel, as_kept, read_back, told
from tests.publish.forms import BASE, RECORD
from tests.publish.making import RECORDS

FORMS = pytest.mark.parametrize("form", SYNDICATIONS, ids=lambda form: form.name)
TITLES = [
    "3 < 4 & more",
    "<b>bold</b>",
    "<script>alert(1)</script>",
    "a <b",
    "x]]>y",
    "\"quotes'",
    "<!-- c -->",
    "1 <2> 3 && 4",
    "<img src=x onerror=alert(1)>",
    "\u202eabc",
    "東京の新しい船",
    "*not* [a](link) `code`",
]
REFERENCES = [
    "&lt;b&gt;",
    "AT&amp;T",
    "&#60;x",
    "&copy; 2020",
    "&amp;amp;",
    "A &lt; <i>c</i> &unknown; d",
    "&lt;a&gt;<b>",
]


def expect_the_same(records: Sequence[Record], form: Syndication) -> None:
    drafts = read_back(form.render(a_channel(records, form)), form)
    assert [told(draft) for draft in drafts] == [told(record) for record in records]


@FORMS
def test_the_golden_record_comes_back(form: Syndication) -> None:
    undated = replace(RECORD, slug="undated", canonical_source="https://x.example/é?a=[1]", published_at=None)
    expect_the_same([RECORD, undated], form)


@FORMS
def test_a_body_comes_back_that_is_shorter_than_its_summary(form: Syndication) -> None:
    (draft,) = read_back(form.render(a_channel([replace(RECORD, body_md="A paragraph came later.")], form)), form)
    assert draft.body_md == "A paragraph came later."


@FORMS
def test_titles_come_back_whatever_they_look_like(form: Syndication) -> None:
    """XS-18. A plain title that holds a reference is decoded by our reader, as most that do were escaped too often: in
    JSON Feed, whose titles are plain, there is no way to say that it is meant.
    """
    titles = TITLES if form.name == "JSON Feed" else TITLES + REFERENCES
    records = [
        replace(RECORD, slug=f"s{n}", canonical_source=f"https://x.example/{n}", title=title)
        for n, title in enumerate(titles)
    ]
    expect_the_same(records, form)


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<b>bold</b>",
        "<em>much</em>",
        '<a href="/a?b=1&c=2">there</a>',
        '<img src="/p.png" alt="a <picture>">',
        "<ul><li>one<li>two</ul>",
        '<ol start="3"><li>three</ol>',
        "<pre><code class='language-py'>if a < b:\n    pass</code></pre>",
        "<h1>Top</h1>",
        "<h3>Below</h3>",
        "<blockquote>said",
        "</blockquote>",
        "<table><tr><th>a<th>b</tr><tr><td>1<td>2</tr></table>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "<script>alert(1)</script>",
        "<br>",
        "<hr>",
        "<del>old</del>",
        "]]>",
        "&amp;lt;",
        "# no heading",
        "*no* _emphasis_ `no code` [no](link)",
        "東京",
        "\u2028",
        " ",
    ]
)
# Readers, ours too, mend what looks like UTF-8 that was taken for Latin-1.
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters=[chr(code) for code in range(0x80, 0x100)]), max_size=8)
BODIES = st.lists(PIECES | TEXTS, min_size=1, max_size=12).map("".join)


@FORMS
@given(title=TEXTS, markup=BODIES)
def test_what_polling_kept_comes_back(form: Syndication, title: str, markup: str) -> None:
    kept_title, body = as_kept(title, markup)
    record = replace(RECORD, title=kept_title, body_md=body, summary="")
    (draft,) = read_back(form.render(a_channel([record], form)), form)
    assert draft.title == record.title or (form.name == "JSON Feed" and "&" in record.title)
    # Words: where a paragraph ends is not always read from HTML as it was written.
    assert text_of(draft.body_md).split() == text_of(record.body_md).split()


@FORMS
@given(RECORDS, st.text())
def test_there_is_a_document_whatever_a_record_holds(form: Syndication, record: Record, title: str) -> None:
    """OI-03."""
    body = form.render(a_channel([record], form, title))
    assert body.decode().endswith("\n")


@FORMS
def test_a_story_without_an_address_leads_to_the_site(form: Syndication) -> None:
    """ID-06: no link of it is made up; where the site has it is no invention."""
    record = replace(RECORD, canonical_source="urn:uuid:7c1dd4a2-5df5-5a0c-8a5b-7e1c4a0b2a11")
    (draft,) = read_back(form.render(a_channel([record], form)), form)
    assert draft.identity.canonical_source == f"{BASE}/news/{RECORD.slug}"
