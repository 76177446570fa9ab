"""How Sphinx builds these pages: ``make docs``."""

from aggregator import __version__

project = "aggregator"
author = "the aggregator team"
release = version = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["build"]
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]
nitpicky = True
html_theme = "furo"
html_title = f"aggregator {release}"
html_theme_options = {"source_view_link": ""}
html_copy_source = False
man_pages: list[tuple[str, str, str, list[str], int]] = []
