"""Pages made from templates: everything is escaped unless it was sanitised (XS-19)."""

import hashlib
from functools import cache, partial
from importlib.resources import files
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined

from aggregator.publish.forms import FORMS
from aggregator.publish.syndication import SYNDICATIONS
from aggregator.web import wording
from aggregator.web.languages import language_name

_WORDINGS = (
    wording.clock,
    wording.day,
    wording.stamp,
    wording.short,
    wording.iso,
    wording.lasting,
    wording.cut,
    wording.topic,
)
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class Pages:
    """The templates of a site."""

    def __init__(self, base_url: str, *, has_clusters: bool) -> None:
        parts = urlsplit(base_url)
        self.root = parts.path  # before every path, where the site is not at the top of its host
        name = parts.hostname or ""
        self.name = "aggregator" if name in _LOCAL else name.removeprefix("www.")
        self._templates = Environment(
            loader=PackageLoader("aggregator.web"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals |= {
            "root": parts.path,
            "site_name": self.name,
            "static": cache(partial(_static_url, parts.path)),
            "forms": FORMS,
            "syndications": SYNDICATIONS,
            "has_clusters": has_clusters,
        }
        self._templates.filters |= {
            **{each.__name__: each for each in _WORDINGS},
            "host": _host,
            "front": _front,
            "segment": _segment,
            "language": language_name,
        }

    def render(self, template: str, **values: object) -> bytes:
        """Return a page as UTF-8."""
        return self._templates.get_template(template).render(values).encode()


def _static_url(root: str, name: str) -> str:
    """Return where a file is, under another name when it changes: it may be kept for ever."""
    content = files("aggregator.web").joinpath("static", name).read_bytes()
    return f"{root}/static/{hashlib.blake2b(content, digest_size=6).hexdigest()}/{name}"


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _front(url: str) -> str:
    """Return the front page of a URL's host, without its credentials."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"


def _segment(text: str) -> str:
    return quote(text, safe="")
