"""Headings without the link that leads to themselves."""

import re

from aggregator.normalize.shapes.tree import Element, all_of, is_in, remove, said, unwrap

_SIGN = re.compile(r"[\s#¶§🔗⚓∞†‡*\u200b\ufe0f]*|(?:direct )?(?:perma)?link(?: to .{0,200})?|anchor", re.IGNORECASE)


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def write_headings(body: Element) -> None:
    """Take out the signs (``#``, ``¶``) that link to their own heading; let the heading's words stand without one."""
    for heading in all_of(body, *_HEADINGS):
        for link in all_of(_outside_in(heading), "a"):
            if not is_in(link, body) or "#" not in (link.get("href") or "") or all_of(link, "img"):
                continue
            if _SIGN.fullmatch(said(link).strip()):
                remove(link)
            elif link.get("href").startswith("#"):
                unwrap(link)


def _outside_in(heading: Element) -> Element:
    """The heading; one that is all of a link is turned into one that holds it: Markdown has no blocks in links."""
    link = heading.getparent()
    if link.tag == "a" and len(link) == 1 and not (link.text or "").strip() and not (heading.tail or "").strip():
        link.tag, heading.tag = heading.tag, "a"
        heading.set("href", link.get("href") or "")
        link.attrib.clear()
        return link
    return heading
