"""The text of a first configuration. Touches nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import relpath
from pathlib import Path

from aggregator.settings.checks import LISTS
from aggregator.settings.feed_url import feed_url

_TEXT = """\
#:schema {schema}
# The configuration of the aggregator. Every key is optional; a key that is commented out shows its default, or an
# example where there is none. Relative paths are relative to this file. `aggregator check` shows every mistake with its
# place, `aggregator config show` what counts, and {annotated} has every key with a remark.

# Lists of feeds to include: TOML files of [[feeds]], OPML files (.opml or .xml), text files of URLs (.txt).
include = {include}

[store]
# The SQLite file that keeps everything.
url = {store}
# How long records are kept: "forever", since their last change ("365d"), or of each feed ("1000 per feed").
#keep = "forever"

[fetch]
# A URL or a mail address for site owners, sent with every request. Please set it.
#contact = "https://www.example.org/about-our-feeds"
# Private networks that feeds may live in; without this only public addresses are asked.
#allow_networks = ["192.168.0.0/16"]

[schedule]
# Feeds are asked for as often as their own rhythm and their servers say, within these bounds.
#min = "60m"
#max = "24h"

[web]
# Where the daemon serves its site and API; "off" for neither.
#listen = "127.0.0.1:8077"

{export}
# The feeds. `aggregator feeds add URL` appends more, and finds those of a page.
{feeds}"""
_EXPORT = """\
# A file of JSON Lines, written while the daemon runs: one line for each new or changed record. The path may hold
# strftime patterns (%Y-%m-%d); one that ends in .gz is compressed.
{mark}[[export]]
{mark}name = "records"
{mark}path = {path}
"""
_NO_FEED = '#[[feeds]]\n#url = "https://www.example.org/feed.xml"\n'


class Unusable(Exception):  # noqa: N818 -- a verdict about an answer
    """An answer that cannot be used; says why, and what would do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstConfig:
    """The text, and the file of records that it names."""

    text: str
    output: str | None


def first_config(
    feeds: Sequence[str], output: str | None, *, folder: Path, schema: Path, store: str = "aggregator.sqlite"
) -> FirstConfig:
    """Return a commented configuration for a file in ``folder``. Raises Unusable for what is no feed and no list.

    ``output`` and ``store`` are paths, relative to the folder or absolute.
    """
    lists = [feed for feed in feeds if "://" not in feed and Path(feed).suffix.lower() in LISTS]
    urls = list(dict.fromkeys(_url(feed) for feed in feeds if feed not in lists))
    if missing := next((path for path in lists if not Path(path).is_file()), None):
        raise Unusable(f"there is no file {missing}: name a list that exists, or a feed's URL")
    included = [relpath(path, folder) for path in lists]
    text = _TEXT.format(
        schema=schema,
        annotated=schema.with_name("aggregator.toml"),
        include=_toml(included),
        store=_toml(f"sqlite:///{store}"),
        export=_EXPORT.format(mark="" if output else "#", path=_toml(output or "records.jsonl")),
        feeds="\n".join(f"[[feeds]]\nurl = {_toml(url)}\n" for url in urls) or _NO_FEED,
    )
    return FirstConfig(text=text, output=output and str(folder / output))


def _url(feed: str) -> str:
    try:
        return feed_url(feed if "://" in feed or ":" in feed else f"https://{feed}")
    except ValueError as error:
        raise Unusable(str(error)) from error


def _toml(value: object) -> str:
    """Return a text or a list of texts as TOML."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
