"""Pages sent piece by piece: React puts what comes late at the end, hidden, and a script moves it into its place."""

from aggregator.extract.tree import Element


def put_in_place(root: Element) -> None:
    """Put each late piece ``<div hidden id="S:1">`` where ``<template id="B:1">`` holds its place."""
    late = {each.get("id")[2:]: each for each in root.iter("div") if (each.get("id") or "").startswith("S:")}
    if not late:
        return
    for place in list(root.iter("template")):
        piece = late.pop((place.get("id") or "").partition("B:")[2], None)
        if piece is not None and not any(holder is piece for holder in place.iterancestors()):
            piece.attrib.pop("hidden", None)
            piece.tail, place.tail = place.tail, piece.tail
            place.getparent().replace(place, piece)
