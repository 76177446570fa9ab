"""Text that a page hides from its readers, found while the styles are still there, and taken out: it is what programs
alone would read.
"""

import html
import re
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet

import nh3
import re2

from aggregator.normalize.widgets import element_end
from aggregator.text.plain import markup_text

HIDDEN = "hidden-text"
# Inline elements that a body loses, but that can hide what is in them.
_INLINE = """
abbr bdi bdo big button cite data del dfn dialog fieldset font form ins label mark rp rt ruby s small span strike sub
sup time u var
"""
# What any trick has, so that hardly a body is looked at twice. Last: styles that hide what they are.
_SUSPECT = re2.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*[hc]|opacity\s*:\s*\.?0|font-size\s*:\s*(?:\.?0|1px)|:\s*-[0-9]{3}|clip\s*:"
    r"|clip-path|scale\(\s*0|(?:height|width)\s*:\s*0|style\s*=[^>]*background[^>]*[;\"'\s]color\s*:"
    r"|[;\"'\s]color\s*:[^>]*background|[;\"'\s]color\s*:\s*(?:#fff|white)|<[a-z][^<>]*\shidden[\s=/>]"
    r"|style\s*=[^>]*(?:\\|/\*|&)"
)
_START = re.compile(r'<([a-z0-9]+)((?: [a-z]+="[^"]*")*? (?:style|hidden)="[^"]*"[^>]*)>')
_ATTRIBUTE = re.compile(r' (style|hidden)="([^"]*)"')
_VOID = frozenset({"br", "hr", "img"})
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?|\\(.)", re.IGNORECASE)
_NOTHING = re.compile(r"[+-]?0*\.?0*(?:px|pt|em|rem|ex|ch|%|vw|vh|in|cm|mm)?")
_TINY = re.compile(r"(?:0*1|0*\.\d+|0*1\.0+)(?:px|pt)")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|pt|em|rem|%|vw|vh|ex|ch)")
_OFFSETS = ("left", "top", "right", "bottom", "margin-left", "margin-top")
_WHITE = frozenset({"#fff", "#ffffff", "white", "rgb(255,255,255)"})


def revealing(tags: AbstractSet[str], attributes: Mapping[str, set[str]], raw: AbstractSet[str]) -> nh3.Cleaner:
    """Return a cleaner like that of a body, which keeps styles and what can have them."""
    tags = set(tags) | set(_INLINE.split())
    kept = {**attributes, "*": attributes.get("*", set()) | {"style", "hidden"}}
    return nh3.Cleaner(tags=tags, clean_content_tags=set(raw) - tags, attributes=kept, link_rel=None)


def may_conceal(markup: str) -> bool:
    """Whether it is worth looking for hidden text in the HTML."""
    if _SUSPECT.search(markup) is None:
        return False
    lowered = markup.lower()
    return "style" in lowered or "hidden" in lowered


def without_concealed(well_formed: str, removed: Counter[str], *, has_switch: bool) -> str:
    """Return what a ``revealing`` cleaner wrote less what is not shown; ``removed[HIDDEN]`` counts the texts among it.

    Not shown is what is ``hidden`` by its attribute, or by its own style: no display, visibility, opacity, size or
    letters; moved or clipped away; letters in the colour of their background. White letters where no background is
    named may be on a dark one, and where there ``has_switch`` a reader may show the rest: those are counted, and stay.
    """
    kept: list[str] = []
    done = seen = 0
    on_white = "background" not in well_formed
    for tag in _START.finditer(well_formed):
        if tag.start() < seen:
            continue
        stated = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(tag.group(2))}
        style = _declared(stated.get("style", ""))
        if on_white and style.get("color") in _WHITE:
            removed[HIDDEN] += 1
        if "hidden" not in stated and not _hides(tag.group(1), style):
            continue
        end = tag.end() if tag.group(1) in _VOID else element_end(well_formed, tag.group(1), tag.end())
        inner = well_formed[tag.end() : end]
        if "hidden" not in stated and _is_undone(style, inner):
            continue
        seen = end
        if markup_text(inner):
            removed[HIDDEN] += 1
        if not has_switch:
            kept.append(well_formed[done : tag.start()])
            done = end
    return "".join(kept) + well_formed[done:]


def _declared(style: str) -> dict[str, str]:
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", style)).lower().replace("!important", "")
    declarations = (part.partition(":") for part in plain.split(";"))
    return {name.strip(): "".join(value.split()) for name, _, value in declarations}


def _unescaped(escape: re.Match[str]) -> str:
    code = int(escape.group(1) or "0", 16)
    return escape.group(2) or (chr(code) if 0 < code < 0x110000 else "")


def _hides(tag: str, style: Mapping[str, str]) -> bool:
    if style.get("display") == "none":
        return True
    if tag in _VOID:  # an image that a script will show once it is loaded
        return False
    return (
        style.get("visibility") in ("hidden", "collapse")
        or _is_nothing(style.get("opacity"))
        or _is_tiny(style.get("font-size"))
        or _FAR.match(style.get("text-indent", "")) is not None
        or "scale(0)" in style.get("transform", "")
        or _is_away(style)
        or _is_its_background(style)
    )


def _is_undone(style: Mapping[str, str], inner: str) -> bool:
    """Whether what is inside shows all the same: in mails, letters of no size are around tables that have one."""
    if style.get("display") == "none":
        return False
    inherited = [name for name in ("visibility", "font-size", "text-indent", "color") if name in style]
    return any(f"{name}:" in inner.replace(" ", "") for name in inherited) or "<img" in inner


def _is_nothing(value: str | None) -> bool:
    return bool(value) and _NOTHING.fullmatch(value or "") is not None


def _is_tiny(value: str | None) -> bool:
    return _is_nothing(value) or _TINY.fullmatch(value or "") is not None


def _is_away(style: Mapping[str, str]) -> bool:
    is_flat = any(_is_nothing(style.get(side)) for side in ("height", "width", "max-height", "max-width"))
    if is_flat and style.get("overflow") == "hidden" and not any(name.startswith("padding") for name in style):
        return True  # with a padding it is the frame of a video
    if style.get("position") not in ("absolute", "fixed"):
        return False
    clipped = style.get("clip", "").startswith(("rect(0", "rect(1px")) or style.get("clip-path") == "inset(100%)"
    return clipped or any(_FAR.match(style.get(side, "")) for side in _OFFSETS)


def _is_its_background(style: Mapping[str, str]) -> bool:
    colour = style.get("color")
    ground = style.get("background-color", style.get("background", ""))
    return bool(colour) and (colour == ground or (colour in _WHITE and ground in _WHITE))
