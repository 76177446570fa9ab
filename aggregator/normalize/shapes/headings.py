"""Headings without the link that leads to themselves."""

import re

from aggregator.normalize.shapes.tree import Element, all_of, is_in, made, remove, replace, said, unwrap

_SIGN = re.compile(r"[\s#¶§🔗⚓∞†‡*\u200b\ufe0f]*|(?:direct )?(?:perma)?link(?: to .{0,200})?|anchor", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def write_headings(body: Element) -> None:
    """Take out the signs (``#``, ``¶``) that link to their own heading; let the heading's words stand without one."""
    for found in all_of(body, *_HEADINGS):
        heading = _outside_in(found)
        for link in all_of(heading, "a"):
            if not is_in(link, body) or "#" not in (link.get("href") or "") or all_of(link, "img"):
                continue
            if _SIGN.fullmatch(said(link).strip()):
                remove(link)
            elif link.get("href").partition("#")[2] in _names(heading):
                unwrap(link)


def _names(heading: Element) -> set[str | None]:
    near = (heading, heading.getparent(), *heading.iterdescendants())
    return {element.get(name) for element in near for name in ("id", "name")}


def _outside_in(heading: Element) -> Element:
    """The heading; one that is all of a link is turned into one that holds it: Markdown has no blocks in links."""
    link = heading.getparent()
    if link.tag != "a" or said(link).strip() != said(heading).strip() or all_of(link, "img"):
        return heading
    inner = made("a", heading.text or "", href=link.get("href") or "")
    inner.extend(list(heading))
    outer = made(heading.tag, "", id=heading.get("id") or "")
    outer.append(inner)
    replace(link, outer)
    return outer
