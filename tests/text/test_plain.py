"""HTML to plain text, and text that any output can carry."""

import time

from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.plain import clean_text, one_line, plain_text

ANY_TEXT = st.text(alphabet=st.characters(codec=None))


def test_blocks_are_paragraphs_and_breaks_are_lines() -> None:
    assert plain_text("<p>One</p><p>two<br>three</p>four") == "One\n\ntwo\nthree\n\nfour"


def test_whitespace_in_markup_means_a_space() -> None:
    assert plain_text("<p>One\n   two\t three</p>\n\n<p>four</p>") == "One two three\n\nfour"


def test_list_items_are_lines_of_their_own() -> None:
    assert plain_text("<ul><li>a</li><li>b</li></ul>c") == "a\nb\n\nc"


def test_scripts_styles_and_form_controls_say_nothing() -> None:
    """XS-07, XS-14."""
    markup = (
        "a<script>b</script><style>c</style><noscript>d</noscript><select><option>e</select><!-- f --><svg>g</svg>h"
    )
    assert plain_text(markup) == "ah"


def test_what_was_escaped_is_unescaped_once() -> None:
    """XS-18."""
    assert plain_text("<p>&lt;img onerror&gt; &amp;lt;b&amp;gt; AT&amp;T</p>") == "<img onerror> &lt;b&gt; AT&T"
    assert plain_text("AT&amp;T &amp;amp; co") == "AT&T &amp; co"


def test_a_quotation_keeps_its_quotes() -> None:
    assert plain_text("He said <q>no</q>.") == 'He said "no".'


def test_control_characters_go_and_lone_surrogates_are_replaced() -> None:
    """OI-03, OI-04."""
    assert clean_text("a\x00b\x1b[31mc\x85d\x9be\tf\ng\ud800h\ufdd0i") == "ab[31mcde\tf\ng\ufffdh\ufffdi"


def test_line_ends_become_newlines() -> None:
    assert clean_text("a\r\nb\rc") == "a\nb\nc"


def test_numeric_references_to_controls_are_cleaned_too() -> None:
    assert plain_text("<p>a&#27;b&#x9f;c&#xFDD0;d&#55296;e</p>").isprintable()


def test_one_line_is_one_line_for_every_splitter() -> None:
    """OI-01, OI-02."""
    assert one_line(" a\n b\u2028c\x0bd\x0ce \u3000f ") == "a b cde f"


@given(ANY_TEXT)
def test_clean_text_can_be_encoded_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    cleaned.encode()
    assert clean_text(cleaned) == cleaned


@given(ANY_TEXT)
def test_any_markup_gives_clean_text(markup: str) -> None:
    text = plain_text(markup)
    assert clean_text(text) == text


def test_a_megabyte_of_angle_brackets_is_read_in_time() -> None:
    """XS-28."""
    started = time.process_time()
    plain_text("<" * 1_000_000)
    assert time.process_time() - started < 5
