"""Lists that stand in a list beside its items, as many editors write them: browsers indent them, Markdown cannot."""

from aggregator.normalize.shapes.tree import Element, all_of, made


def write_lists(body: Element) -> None:
    """Move a list that is the child of a list into the item before it, or into an item of its own."""
    for inner in all_of(body, "ul", "ol"):
        if inner.getparent().tag not in ("ul", "ol"):
            continue
        item = inner.getprevious()
        if item is None or item.tag != "li":
            item = made("li", "")
            inner.addprevious(item)
        item.append(inner)
