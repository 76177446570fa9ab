"""Footnotes in the shapes that editors and scripts give them."""

import time

import pytest

from tests.normalize.making import markdown


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ('<sup class="footnote-ref">1</sup>', '<ol><li id="fn1">Not in winter, no.</li></ol>'),
        (
            '<sup><a href="#" aria-describedby="n">1</a></sup>',
            '<span><div id="n">It does not sail in winter.</div></span>',
        ),
        (
            '<span data-definition="n"><a href="#">*</a></span>',
            '<div style="display:none" id="n">Not in winter, no.</div>',
        ),
        ('<a href="#F1"><sup>1</sup></a>', '<h5><a id="F1" href="#D1">(1)</a></h5><p>Not in winter, no.</p>'),
        (
            '<a href="#r1">[1]</a>',
            '<div class="reference"><a id="r1">1.</a> <div>A. Quay, <i>Not in winter</i></div></div>',
        ),
    ],
)
def test_a_call_finds_its_note(call: str, note: str) -> None:
    said, _, noted = markdown(f"<p>It sails.{call}</p>{note}").partition("\n\n")
    assert said == "It sails.[^1]"
    assert noted.startswith("[^1]: ")
    assert "in winter" in noted


def test_a_link_that_leads_somewhere_calls_no_note() -> None:
    link = '<a href="https://x.example/" aria-describedby="n">1</a>'
    assert "[1](https://x.example/)" in markdown(f'<p>a{link}</p><p id="n">It does not sail in winter.</p>')


def test_a_heading_that_only_notes_stood_under_goes_with_them() -> None:
    call, note = '<p>a<sup><a href="#n">1</a></sup></p>', '<p id="n">It does not sail in winter.</p>'
    assert markdown(f"{call}<h2>Notes</h2>{note}") == "a[^1]\n\n[^1]: It does not sail in winter."
    assert "## Notes\n\nof the captain" in markdown(f"{call}<h2>Notes</h2><p>of the captain</p>{note}")
    assert "## Ends" in markdown(f"{call}<h2>Ends</h2><h2>Notes</h2>{note}")


def test_a_note_has_all_its_paragraphs() -> None:
    calls = '<p>a<sup><a href="#n1">1</a></sup> b<sup><a href="#n2">2</a></sup></p>'
    notes = '<p id="n1">1. Not in winter, no.</p><p>Never.</p><p id="n2">2. Not in spring either.</p>'
    assert markdown(f'{calls}<div class="notes">{notes}</div>') == (
        "a[^1] b[^2]\n\n[^1]: Not in winter, no.\n\nNever.\n\n[^2]: Not in spring either."
    )
    assert markdown(f"{calls}<div>{notes}</div>").startswith("a[^1] b[^2]\n\nNever.")


def test_many_notes_take_linear_time() -> None:
    """XS-28."""
    calls = "".join(f'<h3>{n}</h3><sup><a href="#fn{n}">{n}</a></sup>' for n in range(3000))
    notes = "".join(f'<p id="fn{n}">Note {n} of some words</p><p>more</p>' for n in range(3000))
    started = time.process_time()
    markdown(f'{calls}<div class="notes">{notes}</div>')
    assert time.process_time() - started < 5
