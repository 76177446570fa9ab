"""Formulas as the TeX they were written in, between dollar signs."""

import re

from aggregator.normalize.shapes.tree import Element, all_of, classes, is_in, made, remove, replace, said, with_class

# What a formula is wrapped in, outermost first: all of it says the same once more.
_WRAPPERS = ("katex-display", "katex", "mwe-math-element", "MathJax_Display", "MathJax", "MathJax_SVG", "MathJax_CHTML")
_BLOCK_CLASSES = frozenset({"katex-display", "MathJax_Display", "math-display", "mwe-math-fallback-image-display"})
_STYLE = re.compile(r"\A\{\\(?:displaystyle|textstyle)\s*(.*)\}\Z", re.DOTALL)
_TEX = ("data-math", "data-tex", "data-latex", "data-expr")
_LATEX_PICTURE = re.compile(r"(?:^|\s)(?:latex|ql-img-\S+|mwe-math-fallback-image-\S+|tex)(?:\s|$)")
_SPACES = re.compile(r"\s+")


def write_formulas(body: Element) -> None:
    """Write every formula whose TeX is somewhere in its markup as ``$…$`` or ``$$…$$``, the others as their text."""
    for script in all_of(body, "script"):
        if (script.get("type") or "").startswith("math/tex"):
            _from_script(script)
    for wrapper in with_class(body, *_WRAPPERS) + all_of(body, "mjx-container") + _stated(body) + all_of(body, "math"):
        if is_in(wrapper, body):
            _write(wrapper)
    for picture in all_of(body, "img"):
        alt = picture.get("alt") or ""
        if alt and _LATEX_PICTURE.search(picture.get("class") or ""):
            replace(picture, _formula(alt, is_block=False))


def _stated(body: Element) -> list[Element]:
    tests = " or ".join(f"@{name}" for name in _TEX)
    found: list[Element] = body.xpath(f".//*[{tests}]")
    return found


def _from_script(script: Element) -> None:
    """MathJax 2 leaves the source behind what it draws."""
    before = script.getprevious()
    while before is not None and any(name.startswith("MathJax") for name in classes(before)) and not before.tail:
        remove(before)
        before = before.getprevious()
    replace(script, _formula(said(script), is_block="mode=display" in (script.get("type") or "")))


def _write(wrapper: Element) -> None:
    tex = _tex(wrapper)
    if tex is None:
        if wrapper.tag == "math":
            replace(wrapper, made("span", _SPACES.sub(" ", said(wrapper)).strip()))
        return
    is_block = (
        not _BLOCK_CLASSES.isdisjoint(classes(wrapper))
        or wrapper.get("display") in ("true", "block")
        or any(math.get("display") == "block" for math in all_of(wrapper, "math"))
    )
    replace(wrapper, _formula(tex, is_block=is_block))


def _tex(wrapper: Element) -> str | None:
    stated = next((value for name in _TEX if (value := wrapper.get(name))), None)
    if stated:
        return str(stated)
    for annotation in all_of(wrapper, "annotation"):
        if "tex" in (annotation.get("encoding") or "").lower() and said(annotation).strip():
            return said(annotation)
    for element in all_of(wrapper, "math", "img"):
        if value := element.get("alttext") or element.get("alt"):
            return str(value)
    return None


def _formula(tex: str, *, is_block: bool) -> Element:
    tex = _SPACES.sub(" ", tex).strip()
    style = _STYLE.match(tex)
    tex = (style.group(1) if style else tex).strip().strip("$").strip()
    return made("p", f"$${tex}$$") if is_block else made("span", f"${tex}$")
