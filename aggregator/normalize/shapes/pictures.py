"""Pictures: the largest that is offered, and the one that a script would have loaded."""

import re

from aggregator.normalize.shapes.tree import Element, all_of, ancestors, is_in, remove, unwrap

_LAZY = (
    *(
        "data-src",
        "data-lazy-src",
        "data-original",
        "data-orig-src",
        "data-actualsrc",
        "data-full-url",
        "data-hi-res-src",
    ),
    *("data-original-src", "data-echo", "data-url", "data-image"),
)
_SETS = ("data-srcset", "data-lazy-srcset", "srcset")
_CANDIDATE = re.compile(r"\s*,*\s*(\S*[^\s,])(?:\s+([0-9.]{1,12})([wx])(?:\s+[0-9.]+h)?)?\s*(?:,|\Z)")
_STAND_IN = re.compile(
    r"data:|about:|#|.*(?:placeholder|blank|spacer|pixel|transparent|loading|lazy|1x1)[\w-]*\.(?:gif|png|svg)"
)


def write_pictures(body: Element) -> None:
    """Give every image the best source that its own attributes, its ``picture`` and its ``noscript`` offer."""
    shown = {_write(picture) for picture in all_of(body, "img") if not _is_spare(picture)}
    for spare in all_of(body, "noscript"):
        images = all_of(spare, "img")
        if is_in(spare, body) and images:
            if {_write(image) for image in images} <= shown:
                remove(spare)
            else:
                unwrap(spare)


def _is_spare(picture: Element) -> bool:
    return any(ancestor.tag == "noscript" for ancestor in picture.iterancestors())


def _write(picture: Element) -> str:
    offers = [picture.get(name) or "" for name in _LAZY]
    sets = [picture.get(name) or "" for name in _SETS]
    for around in ancestors(picture, 4):  # libxml2 knows no end of a source: it holds what follows it
        if around.tag == "picture":
            sets += [source.get(name) or "" for source in all_of(around, "source") for name in _SETS]
    source = picture.get("src") or ""
    best = next((url for each in sets if (url := _largest(each))), "")
    chosen = best or next((url for url in offers if _is_address(url)), "") or source
    if chosen != source:
        picture.set("src", chosen)
    return chosen


def _is_address(value: str) -> bool:
    return bool(value) and not _STAND_IN.match(value) and value.lstrip()[:1] not in "{["


def _largest(candidates: str) -> str:
    """The URL with the greatest width or density (HTML, "parse a srcset attribute"), or nothing."""
    found = [
        (float(size or 1), url)
        for url, size, _ in _CANDIDATE.findall(candidates)
        if _is_address(url) and _is_number(size)
    ]
    return max(found, key=lambda each: each[0])[1] if found else ""


def _is_number(size: str) -> bool:
    return size.count(".") <= 1 and size != "."
