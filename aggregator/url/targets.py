"""Links that lead to a story by way of somebody else, and where they lead: as far as the link itself says so."""

import base64
import binascii
import re
from urllib.parse import parse_qsl

from aggregator.url.check import web_url
from aggregator.url.parts import Parts, read_parts

# UR-21: host without www. or m. -> path, and the parameters that may hold the target.
_REDIRECTORS = {
    "l.facebook.com": ("/l.php", ("u",)),
    "lm.facebook.com": ("/l.php", ("u",)),
    "youtube.com": ("/redirect", ("q",)),
    "out.reddit.com": ("", ("url",)),
    "vk.com": ("/away.php", ("to",)),
    "steamcommunity.com": ("/linkfilter", ("url", "u")),
}
_GOOGLE = ("/url", ("q", "url"))
_AMP_CACHE = re.compile(r"/[cv]/(?:s/)?(.+)")
_AMP_VIEWER = re.compile(r"/amp/(?:s/)?(.+)")
_NEWS = re.compile(r"(?:/rss)?/(?:articles|read)/(CBM[A-Za-z0-9_-]+)={0,2}")
_NEWS_HEAD = b"\x08\x13\x22"
# UR-23: they know where they lead, and the link does not say it.
_OPAQUE = re.compile(r"feedproxy\.google\.com/|feeds\d?\.feedburner\.com/~r/")


def target(parts: Parts) -> str | None:
    """Return the web address that a link through a redirector or an AMP cache names, or None (UR-20…22)."""
    host = parts.host
    if host.startswith(("www.", "m.")):
        host = host.partition(".")[2]
    if host == "news.google.com":
        return _news(parts.path)
    if host.startswith("google."):
        return _parameter(parts, _GOOGLE) or _amp(parts, _AMP_VIEWER)
    if host.endswith("cdn.ampproject.org"):
        return _amp(parts, _AMP_CACHE)
    return _parameter(parts, _REDIRECTORS[host]) if host in _REDIRECTORS else None


def is_unresolved(url: str) -> bool:
    """Say whether the story is elsewhere, and only a request would tell where (UR-22, UR-23)."""
    if "google.com/" not in url and "feedburner.com/" not in url:
        return False
    parts = read_parts(url, frozenset())
    if parts is None:
        return False
    if _OPAQUE.match(parts.host + parts.path):
        return True
    return parts.host == "news.google.com" and bool(_NEWS.fullmatch(parts.path)) and target(parts) is None


def _parameter(parts: Parts, place: tuple[str, tuple[str, ...]]) -> str | None:
    path, names = place
    if parts.path.rstrip("/") != path:
        return None
    found = dict(parse_qsl(parts.query, errors="replace"))
    return next((url for name in names if (url := web_url(found.get(name, "")))), None)


def _amp(parts: Parts, shape: re.Pattern[str]) -> str | None:
    inner = shape.fullmatch(parts.path)
    return web_url(f"https://{parts._replace(host='', path=inner[1], fragment='').text}") if inner else None


def _news(path: str) -> str | None:
    """The token of Google News: base64 of a protobuf whose field 4 was the URL until 2024, and is opaque since."""
    token = _NEWS.fullmatch(path)
    if token is None:
        return None
    try:
        data = base64.urlsafe_b64decode(token[1] + "=" * (-len(token[1]) % 4))
    except binascii.Error:
        return None
    if not data.startswith(_NEWS_HEAD):
        return None
    length, start = data[3:4], 4
    size = length[0] if length else 0
    if size & 0x80:  # a varint of two bytes: URLs of more than 127 characters
        size = (size & 0x7F) | (data[4] if len(data) > start else 0) << 7
        start = 5
    return web_url(data[start : start + size].decode("utf-8", "replace")) if len(data) >= start + size else None
