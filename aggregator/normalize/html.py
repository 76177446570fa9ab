"""Body HTML made safe: an explicit allow-list, absolute links, no share widgets, no tracking pixels.

nh3 parses as browsers do and writes well-formed HTML, so that the rules after it can be regular expressions: every
``<`` is a tag, every attribute is quoted.
"""

import html
import re
from collections import Counter
from urllib.parse import quote, unquote

import nh3

from aggregator.normalize.concealed import may_conceal, revealing, without_concealed
from aggregator.normalize.shapes import plainly
from aggregator.normalize.widgets import without_widgets
from aggregator.text.plain import PARAGRAPH_TAGS, RAW_TAGS, clean_text, one_line
from aggregator.url.check import ordinary, web_url

_MOST_DEPTH = 100  # nested elements of one name; browsers stop at 512, and nh3 is quadratic in them (XS-28)
_MANY_TAGS = 400  # fewer tags than this cannot cost much, whatever their depth

_INLINE_TAGS = frozenset(("a", "b", "br", "code", "em", "i", "img", "kbd", "li", "q", "samp", "strong", "sup", "tt"))
_KEPT = (PARAGRAPH_TAGS - {"dialog", "fieldset", "form"}) | _INLINE_TAGS | {"td", "th", "tr"}
# "class" is for the widget rules and code languages, sizes are for the pixel rule; none of them gets out.
_ATTRIBUTES = {
    "*": {"class"},
    "a": {"href"},
    "img": {"src", "alt", "title", "width", "height"},
    "ol": {"start"},
}
_CLEANER = nh3.Cleaner(
    tags=set(_KEPT),
    clean_content_tags=set(RAW_TAGS),
    attributes=_ATTRIBUTES,
    link_rel=None,
    url_schemes={"http", "https", "mailto"},
)
_REVEALING = revealing(_KEPT, _ATTRIBUTES, RAW_TAGS)

_NESTING_TAG = re.compile(
    r"<(/?)(?!(?:br|hr|img|input|link|meta|p|li|dd|dt|t[dhr]|source|wbr|col|area|param|option|embed|track)\b)([a-z]+)",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*>?")
_WITH_ATTRIBUTES = re.compile(r'<([a-z0-9]+)((?: [a-z]+="[^"]*")+)>|<img>')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_SAYING = frozenset({"a", "img", "code", "pre", "sup", "ol"})  # the tags whose attributes say anything
_CHANGED = re.compile(r"[()<>`\\\s\"|&']")  # what of a link is written in another way
# To what may be a character that no text may have; quotation marks and dashes are in the eight thousands.
_REFERENCE = re.compile(r"&#(?!8[0-9]{3};)")
_MAIL = re.compile(r"mailto:[\w.+%-]{1,64}@[\w.-]{1,255}(?:\?.{0,2000})?", re.IGNORECASE | re.ASCII | re.DOTALL)
_NAMED_MAIL = re.compile(r"(?:[^<>@]{0,100}<)?\s*([\w.+-]{1,64})\s*@\s*([\w.-]{1,255})\s*>?\s*", re.ASCII)
_LANGUAGE = re.compile(r"\b(?:language|lang|highlight-source|brush:)-?\s*([a-zA-Z0-9+#_.-]{1,30})")
_NOTE = re.compile(r"(?:fn|note)-[1-9][0-9]{0,2}")
_START = re.compile(r"[0-9]{1,9}", re.ASCII)
# What would end a Markdown link destination, or be read as more than a character in one (XS-24).
_UNQUOTED = re.compile(r"[()<>`\\\s\"|]")
_PIXEL_SIZES = frozenset({"0", "1", "0px", "1px"})


def sanitise(markup: str, base: str, removed: Counter[str] | None = None) -> str:
    """Return the HTML with only what an article needs, well-formed: text, structure, http(s) and mailto links, images.

    Links and image sources are absolute (against ``base``, UR-34) or gone; embedded frames and media are links.
    A code element says its language as ``class="language-x"``; no other class, style, id or event survives (XS-01…17).
    What was hidden, share widgets and tracking pixels are gone, and counted in ``removed``.
    """
    markup = clean_text(markup)
    if _is_too_deep(markup):
        markup = _TAG.sub(" ", markup)
    removed = Counter() if removed is None else removed
    markup = visible(plainly(markup), removed)
    clean = _CLEANER.clean(markup)
    if _REFERENCE.search(markup):
        clean = clean_text(clean)
    clean = without_widgets(clean, removed)
    return _WITH_ATTRIBUTES.sub(lambda tag: _rewritten(tag[1], tag[2], base, removed), clean)


def visible(markup: str, removed: Counter[str]) -> str:
    """Return HTML, as unsafe as it was, less what its own styles hide from every reader."""
    if not may_conceal(markup):
        return markup
    return without_concealed(_REVEALING.clean(markup), removed, has_switch="onclick" in markup.lower())


def _is_too_deep(markup: str) -> bool:
    if markup.count("<") < _MANY_TAGS:
        return False
    open_tags: Counter[str] = Counter()
    for tag in _NESTING_TAG.finditer(markup):
        closes, name = tag.group(1), tag.group(2).lower()
        if not closes:
            open_tags[name] += 1
        elif open_tags[name]:  # a stray end tag closes nothing
            open_tags[name] -= 1
        if open_tags[name] > _MOST_DEPTH:
            return True
    return False


def _rewritten(tag: str | None, attributes: str, base: str, removed: Counter[str]) -> str:
    if tag is None:  # an image that lost its source
        return ""
    if tag not in _SAYING:
        return f"<{tag}>"
    values = dict(_ATTRIBUTE.findall(attributes))
    if tag == "a":
        return _anchor(values.get("href", ""), base)
    values = {name: html.unescape(value) for name, value in values.items()}
    kept: dict[str, str | None] = {}
    match tag:
        case "img":
            return _image(values, base, removed)
        case "code" | "pre":
            language = _LANGUAGE.search(values.get("class", ""))
            kept = {"class": f"language-{language.group(1)}" if language else None}
        case "sup":
            note = _NOTE.fullmatch(values.get("class", ""))
            kept = {"class": note and note.group()}
        case "ol" if _START.fullmatch(values.get("start", "")):
            kept = {"start": values["start"]}
    return _opened(tag, kept)


def _anchor(href: str, base: str) -> str:
    if ordinary(href) and not _CHANGED.search(href):  # as most are: nothing in it would become something else
        return f'<a href="{href}">'
    return _opened("a", {"href": _link(html.unescape(href), base)})


def _image(values: dict[str, str], base: str, removed: Counter[str]) -> str:
    if {values.get("width"), values.get("height")} <= _PIXEL_SIZES:
        removed["tracking-pixel"] += 1
        return ""
    source = _link(values.get("src"), base)
    if source is None or source.startswith("mailto:"):
        return ""
    return _opened("img", {"src": source, "alt": one_line(values.get("alt") or values.get("title") or "")})


def _link(raw: str | None, base: str) -> str | None:
    if not raw:
        return None
    url = _mail(raw.strip()) or web_url(raw, base)
    return url and _UNQUOTED.sub(_percent, url)


def _mail(raw: str) -> str | None:
    """The link to a mail address, less a name or the spaces that should hide it from machines; None for other links."""
    if raw[:7].lower() != "mailto:":
        return None
    if _MAIL.fullmatch(raw):
        return raw
    address, mark, fields = raw[7:].partition("?")
    found = _NAMED_MAIL.fullmatch(unquote(address[:1000]))
    return f"mailto:{found.group(1)}@{found.group(2)}{mark}{fields[:2000]}" if found else None


def _percent(match: re.Match[str]) -> str:
    return quote(match.group(), safe="")


def _opened(tag: str, attributes: dict[str, str | None]) -> str:
    said = "".join(f' {name}="{html.escape(value)}"' for name, value in attributes.items() if value is not None)
    return f"<{tag}{said}>"
