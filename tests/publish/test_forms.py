"""The forms of a record that programs read, and the body of its page."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from markdown_it import MarkdownIt
from pyld import jsonld

from aggregator.model import Record
from aggregator.publish.body import body_html
from aggregator.publish.jsonld import article, record_jsonld
from aggregator.publish.markdown import record_markdown
from aggregator.publish.plain import record_text
from aggregator.publish.record import record_fields
from tests.publish.forms import BASE, GOLDEN, RECORD, rendered
from tests.publish.making import RECORDS

SCHEMA_ORG = "http://schema.org/"
# What schema.org says of the types of the properties that we use.
TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("headline", "name", "description", "articleBody", "inLanguage", "isBasedOn", "url"), (str,)),
    **dict.fromkeys(("datePublished", "dateModified"), (str,)),
    **dict.fromkeys(("keywords", "about"), (list,)),
    **dict.fromkeys(("mainEntityOfPage", "publisher"), (dict,)),
}


@pytest.mark.parametrize("name", rendered())
def test_the_forms_are_those_that_were_agreed_on(name: str) -> None:
    """Golden files; ``python -m tests.publish.forms`` writes them anew, for the difference to be read."""
    assert rendered()[name] == (GOLDEN / name).read_bytes()


@given(RECORDS)
@settings(max_examples=50)
def test_front_matter_is_read_as_the_fields_whatever_they_hold(record: Record) -> None:
    """OI-*: no title, entity or address ends the front matter, or begins another key."""
    _, front, body = record_markdown(record, BASE).decode().split("---\n", 2)
    fields = record_fields(record, BASE)
    assert body == f"\n{fields.pop('body_md')}\n"
    if "\x7f" not in front:  # which JSON writes bare, and PyYAML does not read at all
        assert yaml.safe_load(front) == fields


def expanded(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a JSON-LD processor makes of it; every term of schema.org is one of its vocabulary."""

    def schema_org(url: str, _: object) -> dict[str, Any]:
        assert url.rstrip("/") == "https://schema.org"
        return {"contextUrl": None, "documentUrl": url, "document": {"@context": {"@vocab": SCHEMA_ORG}}}

    found: list[dict[str, Any]] = jsonld.expand(document, {"documentLoader": schema_org})
    return found


def test_json_ld_is_a_news_article_for_a_processor() -> None:
    (read,) = expanded(json.loads(record_jsonld(RECORD, BASE)))
    assert read["@type"] == [f"{SCHEMA_ORG}NewsArticle"]
    assert read["@id"] == f"{BASE}/news/{RECORD.slug}"
    assert read[f"{SCHEMA_ORG}headline"] == [{"@value": RECORD.title}]
    assert [each["@type"] for each in read[f"{SCHEMA_ORG}about"]] == [[f"{SCHEMA_ORG}Thing"]] * 2


@given(RECORDS)
@settings(max_examples=50)
def test_json_ld_says_only_what_is_known_in_the_types_of_schema_org(record: Record) -> None:
    said = article(record, BASE)
    assert all(isinstance(said[name], kinds) for name, kinds in TYPES.items() if name in said)
    assert None not in said.values()
    assert len(str(said.get("headline", ""))) <= 110


def test_a_story_without_a_link_has_no_publisher() -> None:
    assert "publisher" not in article(replace(RECORD, canonical_source="urn:uuid:1"), BASE)


def test_text_without_a_body_or_a_title_has_no_holes() -> None:
    text = record_text(replace(RECORD, title="", body_md="", published_at=None), BASE).decode()
    assert text.startswith("2026-03-02 07:41:12.589629+00:00\nhttps://www.herald.example")
    assert "\n\n\n" not in text


def test_headings_of_a_body_begin_below_the_title_of_its_page() -> None:
    assert body_html("### A\n\n##### B") == "<h2>A</h2>\n<h4>B</h4>\n"
    assert body_html("# A\n\nB\n=") == "<h2>A</h2>\n<h2>B</h2>\n"


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](vbscript:x) ![y](data:image/svg+xml;base64,PHN2Zz4=)",
        '![x](https://a.example/x "onerror=alert(1)")',
        "<https://a.example/\"onmouseover='x'>",
        "[a]: javascript:alert(1)\n\n[a]",
    ],
)
def test_nothing_in_a_body_is_live(markdown: str) -> None:
    """XS-24: and an image is a link: a page loads nothing from elsewhere (XS-26, XS-27)."""
    html = body_html(markdown)
    assert "<img" not in html
    assert "<script" not in html
    tags = MarkdownIt("commonmark").parse(html)
    assert all("javascript:" not in str(tag.attrs) for tag in tags)
    assert 'href="javascript' not in html
    assert 'href="data:' not in html


GOLDEN_RECORD = Path(__file__).parents[2] / "../shared/golden/record.json"


@pytest.mark.skipif(not GOLDEN_RECORD.exists(), reason="no golden record beside this checkout (../shared/golden)")
def test_every_paragraph_of_the_golden_record_is_in_its_page_and_its_text() -> None:
    golden = json.loads(GOLDEN_RECORD.read_text())
    record = replace(RECORD, body_md=golden["body_md"], title=golden["title"])
    assert body_html(record.body_md).count("<p>") == golden["body_md"].count("\n\n") + 1
    words = golden["body_md"].partition(" without elaborating")[0].split()
    assert set(words) <= set(record_text(record, BASE).decode().split())
