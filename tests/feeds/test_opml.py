"""OPML as programs and people write it."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.feeds import load
from aggregator.feeds.decode import decode
from aggregator.feeds.listed import Listed
from aggregator.feeds.opml import NotOpml, outlines
from aggregator.settings import ConfigError

CORPUS = Path(__file__).parents[2] / "../shared/corpus/opml"


def read(body: str) -> list[Listed]:
    return list(outlines(f"<opml><body>{body}</body></opml>"))


def test_folders_and_categories_are_tags() -> None:
    body = """<outline text=" News "><outline title="World
        wide"><outline text="A" xmlUrl="http://a/" category="/x/ y,,News, z"/></outline>
        <outline text="B" xmlUrl="http://b/"></outline></outline><outline text="C" xmlUrl="http://c/"/>"""
    assert [(listed.name, listed.tags, listed.line) for listed in read(body)] == [
        ("A", ("News", "World wide", "x", "y", "z"), 2),
        ("B", ("News",), 3),
        ("C", (), 3),
    ]


def test_odd_spelling_is_tolerated() -> None:
    """OP-05."""
    body = """<OUTLINE XMLURL=' http://a/?x=1&amp;y=2 ' TITLE="A &lt;&quot;&#233;&#xe9;&eacute;" text=""/>
        <o:outline type='odd' xmlUrl = "http://b/?x=1&y=2&copy=3&unknown;" text="1 < 2 > 1"/>
        <outline text='no url'/><outline xmlUrl=""/><outline xmlUrl="http://c/" xmlUrl="http://d/">"""
    assert [(listed.url, listed.name) for listed in read(body)] == [
        ("http://a/?x=1&y=2", 'A <"ééé'),
        ("http://b/?x=1&y=2&copy=3&unknown;", "1 < 2 > 1"),
        ("http://c/", None),
    ]


def test_comments_and_their_like_are_passed_over() -> None:
    body = """<!-- <outline xmlUrl="http://a/"/> --><![CDATA[<outline xmlUrl="http://b/"/>]]>
        <?x <outline xmlUrl="http://c/"/> ?><outline xmlUrl="http://d/"/><!-- <outline xmlUrl="http://e/"/>"""
    assert [listed.url for listed in read(body)] == ["http://d/"]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE opml SYSTEM "file:///etc/passwd"><opml/>',
        "<?xml version='1.0'?>\n<!doctype x [<!ENTITY a 'b'>]>\n<opml/>",
        "<!-- <!ENTITY a 'b'> --><opml/>",
        "<html><outline xmlUrl='http://a/'/></html>",
        "<rdf:RDF/>",
        "not at all",
        "",
    ],
)
def test_what_is_no_plain_opml_is_refused(text: str) -> None:
    """OP-01."""
    with pytest.raises(NotOpml):
        list(outlines(text))


def test_nesting_is_no_matter() -> None:
    """OP-02."""
    feeds = read("<outline text='a' xmlUrl='http://a/'>" * 10_000 + "</outline>" * 10_000)
    folders = read("<outline text='a'>" * 100_000 + "<outline xmlUrl='http://a/'/>")
    assert len(feeds) == 10_000
    assert [listed.tags for listed in folders] == [("a",)]


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "<!--",
        '<outline x="',
        "<outline x='",
        "<outline",
        "<outline a=",
        " a",
        "a",
        "&a",
        "<?",
        "<![CDATA[",
        "</outline>",
        "= ",
    ],
)
def test_no_document_takes_long(piece: str) -> None:
    body = piece * (2_000_000 // len(piece))
    started = time.process_time()
    for opened in ("", "<outline ", "<outline x='"):
        read(opened + body)
    assert time.process_time() - started < 5


@given(st.text(st.sampled_from("<>/!?-[]&;='\" \naAoutlinexmlUrl")) | st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = list(outlines("<opml>" + text))
    except NotOpml:
        return
    assert all(listed.url and listed.line >= 1 for listed in found)


def corpus(pattern: str) -> list[Path]:
    return sorted(path for path in CORPUS.glob(pattern) if path.suffix in {".opml", ".xml"})


needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside this checkout")


@needs_corpus
def test_well_formed_lists_read_as_an_xml_parser_reads_them() -> None:
    compared = 0
    for path in corpus("**/*"):
        body = path.read_bytes()
        try:
            root = etree.fromstring(body)
        except etree.XMLSyntaxError:
            continue
        if root.tag != "opml":
            continue
        attributes = [{key.lower(): value for key, value in node.items()} for node in root.iter("outline")]
        expected = [found["xmlurl"].strip() for found in attributes if found.get("xmlurl", "").strip()]
        assert [listed.url for listed in outlines(decode(body))] == expected, path
        compared += len(expected)
    assert compared > 1000


@needs_corpus
def test_every_list_of_the_corpus_is_read_or_refused_with_a_reason(tmp_path: Path) -> None:
    main = tmp_path / "aggregator.toml"
    for path in corpus("**/*"):
        main.write_text(f"include = [{json.dumps(str(path))}]", encoding="utf-8")
        try:
            load(main, {})
        except ConfigError as error:
            assert "expected an OPML document, got" in str(error), path  # noqa: PT017
