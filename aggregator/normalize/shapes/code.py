"""Code blocks: one ``pre`` with its language, the code's own lines and no line numbers."""

import re

from aggregator.normalize.shapes.tree import Element, all_of, ancestors, classes, is_in, made, remove, replace, said

_STATED = ("data-lang", "data-language", "data-enlighter-language", "data-code-language", "syntax", "language", "lang")
_IN_CLASS = re.compile(
    r"(?:^|\s)(?:language|lang|highlight-source|highlight-text|sourcecode|brush)[-:]?\s*([a-z0-9+#_.]{1,30})",
    re.IGNORECASE,
)
# Highlighters that name the language as a class of its own, beside one of these.
_BESIDE = frozenset({"highlight", "hl", "hljs", "sourcecode", "codehilite", "chroma", "code", "prettyprint", "src"})
_NO_LANGUAGE = frozenset(
    {"highlight", "hl", "hljs", "sourcecode", "codehilite", "chroma", "code", "prettyprint", "src"}
) | {
    *("prettyprinted", "linenums", "numbersource", "numberlines", "copy", "notranslate", "wrap", "nowrap", "block"),
    *("text", "plain", "plaintext", "none", "nohighlight", "no-highlight", "language", "wp-block-code", "example"),
}
_LANGUAGE = re.compile(r"(?:src-)?([a-z][a-z0-9+#_.]{0,19})", re.IGNORECASE)
_NUMBERS = re.compile(r"[\s\d|:.]*")
_NUMBER_CLASS = re.compile(
    r"(?:^|[\s_-])(?:lineno|linenos|linenumbers?|line-?numbers?(?:-rows)?|ln|lnt|lnum|gutter|linenodiv|linenr|ln-num)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
# What a script shows beside a word of the code while the pointer is over it.
_HINT_CLASS = re.compile(r"(?:^|\s)(?:hover-info|tooltip|tippy-\S+|twoslash-popup\S*)(?:\s|$)")
_LINE_CLASS = frozenset({"line", "code-line", "token-line", "view-line", "cl", "ec-line"})
_LINE_TAGS = frozenset({"div", "p", "li", "tr"})
_NO_BLOCKS = frozenset({"pre", "a", "h1", "h2", "h3", "h4", "h5", "h6"})
_BLANK_ENDS = re.compile(r"\A(?:[ \t]*\n)+|\s+\Z")


def write_code(body: Element) -> None:
    """Write every ``pre`` as text alone; a table of line numbers and code as its code."""
    for table in all_of(body, "table"):
        if is_in(table, body):
            _without_numbers(table)
    for pre in all_of(body, "pre"):
        if is_in(pre, body) and not any(ancestor.tag in _NO_BLOCKS for ancestor in pre.iterancestors()):
            _write(pre)
    for pre in all_of(body, "pre"):
        if is_in(pre, body):
            _join(pre)


def _without_numbers(table: Element) -> None:
    blocks = [] if len(all_of(table, "table")) > 1 else all_of(table, "pre")
    code = [block for block in blocks if not _NUMBERS.fullmatch(said(block))]
    if len(code) == 1 and all(
        _NUMBERS.fullmatch(said(cell)) for cell in all_of(table, "td", "th") if not _holds(cell, code[0])
    ):
        language = _language(code[0])
        if language:
            code[0].set("data-lang", language)
        replace(table, code[0])


def _holds(cell: Element, block: Element) -> bool:
    return any(ancestor is cell for ancestor in block.iterancestors())


def _write(pre: Element) -> None:
    language = _language(pre)
    inner = made("code", _BLANK_ENDS.sub("", _text(pre)), **({"class": f"language-{language}"} if language else {}))
    block = made("pre", "")
    block.append(inner)
    around = pre.getparent()
    is_whole = around.tag in ("code", "samp", "kbd") and said(around).strip() == said(pre).strip()
    replace(around if is_whole else pre, block)


def _join(first: Element) -> None:
    """Make one listing of an element that holds nothing but blocks of code, all in one language: lines and results."""
    holder = first.getparent()
    if holder.tag != "div" or first.getprevious() is not None or (holder.text or "").strip():
        return
    blocks = list(holder)
    if len(blocks) > 1 and all(_is_like(block, first) for block in blocks):
        first[0].text = "\n".join(said(block) for block in blocks)
        for block in blocks[1:]:
            remove(block)


def _is_like(block: Element, first: Element) -> bool:
    if block.tag != "pre" or (block.tail or "").strip() or len(block) != 1:
        return False
    return len(first) == 1 and bool(block[0].get("class")) and block[0].get("class") == first[0].get("class")


def _language(pre: Element) -> str | None:
    inner = [child for child in pre if child.tag == "code"][:1]
    for element in (*inner, pre, *ancestors(pre, 4)):
        stated = next((value for name in _STATED if (value := element.get(name))), None)
        if stated and element.tag not in ("html", "body") and _LANGUAGE.fullmatch(stated):
            return _known(stated)
        named = _IN_CLASS.search(element.get("class") or "")
        if named:
            return _known(named.group(1))
        beside = classes(element)
        if _BESIDE.intersection(map(str.lower, beside)):
            for name in beside:
                if (found := _LANGUAGE.fullmatch(name)) and (language := _known(found.group(1))):
                    return language
    return None


def _known(name: str) -> str | None:
    name = name.lower().removeprefix("source-")
    return None if name in _NO_LANGUAGE or _NUMBER_CLASS.search(name) else name


def _text(pre: Element) -> str:
    pieces: list[str] = []
    _collect(pre, pieces, is_flat="\n" not in said(pre).strip() and not all_of(pre, "br"))
    return "".join(pieces)


def _collect(element: Element, pieces: list[str], *, is_flat: bool) -> None:
    pieces.append(element.text or "")
    for child in element:
        if child.tag == "br":
            pieces.append("\n")
        elif child.tag not in ("button", "script", "style") and not _is_aside(child):
            quote = '"' if child.tag == "q" else ""
            pieces.append(quote)
            _collect(child, pieces, is_flat=is_flat)
            pieces.append(quote)
            if _ends_a_line(child, is_flat=is_flat) and not (pieces and pieces[-1].endswith("\n")):
                pieces.append("\n")
        pieces.append(child.tail or "")


def _ends_a_line(element: Element, *, is_flat: bool) -> bool:
    return element.tag in _LINE_TAGS or (is_flat and not _LINE_CLASS.isdisjoint(classes(element)))


def _is_aside(element: Element) -> bool:
    named = element.get("class") or ""
    if _HINT_CLASS.search(named):
        return True
    is_number = _NUMBER_CLASS.search(named) or "user-select" in (element.get("style") or "")
    return bool(is_number and _NUMBERS.fullmatch(said(element)))
