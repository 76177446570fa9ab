"""What to ask of whom: a URL taken apart without rewriting what goes on the wire."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin

from aggregator.url.origin import Authority, authority

_REST = re.compile(r"\Ahttps?://[^/?#]*([^#]*)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"\Ahttps?://", re.IGNORECASE)
_UNSENDABLE = re.compile(rb"[^\x21-\x7e]")
_CREDENTIALS = re.compile(r"//[^/?#]*@")
_LONGEST_PATH = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One URL to ask for: ASCII, without credentials and fragment (HT-18), the path as it was written."""

    authority: Authority
    path: str  # with the query

    @property
    def url(self) -> str:
        """The URL as it is asked for; safe to show."""
        return f"{self.authority.scheme}://{self.authority.netloc}{self.path}"


def target(url: str) -> Target:
    """Take ``url`` apart; raise ``ValueError`` where it cannot be asked for.

    Escapes and odd characters stay as they are; only what HTTP cannot carry (spaces, controls, bytes beyond ASCII) is
    percent-encoded.
    """
    named, rest = authority(url), _REST.match(url)
    written = rest[1] if rest else ""
    raw = written.encode("utf-8", "surrogateescape")
    path = _UNSENDABLE.sub(lambda odd: b"%%%02X" % odd[0][0], raw).decode("ascii")
    if len(path) > _LONGEST_PATH:
        raise ValueError("URL too long")
    return Target(authority=named, path=path if path.startswith("/") else f"/{path}")


def redirected(current: Target, location: str) -> Target:
    """Resolve a Location, its bytes as latin-1, against the URL that gave it (ST-16).

    Raises ``ValueError`` like ``target`` (ST-17). The same bytes are asked for, whatever their encoding.
    """
    written = location.encode("latin-1").decode("utf-8", "surrogateescape")
    # urljoin would take a bare "?" off an absolute URL
    return target(written if _ABSOLUTE.match(written) else urljoin(current.url, written))


def shown(url: str) -> str:
    """Return ``url`` fit for people to see, readable or not: without credentials."""
    try:
        return target(url).url
    except ValueError:
        return _CREDENTIALS.sub("//", url)[:_LONGEST_SHOWN]


_LONGEST_SHOWN = 200
