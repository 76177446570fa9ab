"""Shapes of articles that no sanitiser knows, made plain HTML before it: code, formulas, pictures, embeds, footnotes.

``plainly`` reads and writes HTML that nobody checked: its result is no safer than what it was given.
"""

from aggregator.normalize.shapes.plainly import plainly

__all__ = ["plainly"]
