"""Which bodies have to be read as a tree, and what is done to it."""

import re
from collections.abc import Callable
from html import escape

import re2
from lxml import etree

from aggregator.normalize.shapes.code import write_code
from aggregator.normalize.shapes.embeds import write_embeds
from aggregator.normalize.shapes.footnotes import write_footnotes
from aggregator.normalize.shapes.formulas import write_formulas
from aggregator.normalize.shapes.headings import write_headings
from aggregator.normalize.shapes.links import SIGN, shorten_addresses
from aggregator.normalize.shapes.lists import write_lists
from aggregator.normalize.shapes.pictures import write_pictures
from aggregator.normalize.shapes.tables import write_tables
from aggregator.normalize.shapes.tree import Element

# What a body holds that needs this, in lower case, and in the order in which one makes room for the next: code has
# tables of line numbers, formulas have tables and pictures.
_SHAPES: tuple[tuple[tuple[str, ...], Callable[[Element], None]], ...] = (
    (("<pre",), write_code),
    (("<math", "katex", "mathjax", "mjx-", "math/tex", "latex", "mwe-math", "data-math"), write_formulas),
    (("srcset", " data-", "<noscript"), write_pictures),
    (("<iframe", "<video", "<audio", "<embed", "<object"), write_embeds),
    (
        ('href="#', "footnote", "noteref", "#fn", "#cite", "ftn", "#note", "#_ft", "#f1", "#sdfoot", "#ref", "#bib"),
        write_footnotes,
    ),
    (('href="#', "permalink", "headerlink", 'class="anchor', '"<h1', '"<h2', '"<h3', '"<h4'), write_headings),
    (("<table", "<dl"), write_tables),
    (("</li<ul", "</li<ol", "<ul<ul", "<ol<ol"), write_lists),
)
_TAG = re.compile(r"<[^<>]*")
# None of the shapes is without one of these.
_HINT = re.compile(
    r"<(?:pre|math|mjx|table|dl|noscript|iframe|video|audio|embed|object)"
    r"|\"<h[1-6]|</li<[uo]l|<ul<ul|<ol<ol|class=|srcset| data-|#"
)
# One pass for all signs: most bodies have none.
_SIGN = re2.compile("|".join(re2.escape(sign) for signs, _ in _SHAPES for sign in signs))
_VOID = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
_PARSER = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)


def plainly(markup: str) -> str:
    """Return the HTML with these shapes as the elements that Markdown has words for; most bodies come back as they are.

    No text is lost but what a machine wrote for machines: line numbers, links to a heading itself, a second rendering
    of a formula or picture.
    """
    if SIGN in markup:
        markup = shorten_addresses(markup)
    tags = "".join(_TAG.findall(markup)).lower()  # a fraction of the body, so that looking for much costs little
    if _HINT.search(tags) is None or _SIGN.search(tags) is None:
        return markup
    writers = [write for signs, write in _SHAPES if any(sign in tags for sign in signs)]
    # The parser would put bare text in a paragraph.
    tree = etree.fromstring(f"<body><div>{markup}</div></body>".encode(), _PARSER)
    body = None if tree is None else tree.find("body")
    if body is None or not len(body):
        return markup
    for write in writers:
        write(body)
    return _written(body)


def _written(body: Element) -> str:
    # Written as HTML, libxml2 would escape links in its own way; written as XML, an element needs text to have an end.
    for element in body.iter():
        if len(element) == 0 and element.text is None and element.tag not in _VOID:
            element.text = ""
    ours, *others = body
    text = escape(ours.text or "", quote=False), escape(ours.tail or "", quote=False)
    inner, outer = ("".join(etree.tostring(child, encoding="unicode") for child in each) for each in (ours, others))
    return f"{text[0]}{inner}{text[1]}{outer}"
