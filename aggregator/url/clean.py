"""The match key: when two links mean the same story. Lossy on purpose, for comparing only, never to be fetched."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from aggregator.url.check import ascii_host, split_url, web_url

# Stored beside every key; raise it with any change to what a key looks like (UR-39).
RULES_VERSION = 1

_DEFAULT_PORTS = ("", "80", "443")
_DEVICE_HOSTS = ("www.", "m.", "mobile.", "amp.")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_DELIMITERS = "!#$%&'()*+,/:;=?@[]~"
_SIMPLE = re.compile(r"[!#-&(-;=?-\[\]_a-z~]*")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})?")
_SLASHES = re.compile(r"//+")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
# "/amp" is the phone's copy of the page above it; alone it is a page of its own.
_PATH_TAIL = re.compile(r"(?:/index\.html?|(?!\A)/amp|/)+\Z", re.IGNORECASE)
_FRAGMENT_JUNK = re.compile(r"utm_|xtor=|:~:", re.IGNORECASE)

# UR-11, and nothing else: longer lists merge stories that differ (UR-13, UR-14).
_TRACKERS = frozenset(
    {
        *("fbclid", "gclid", "dclid", "gbraid", "wbraid", "srsltid", "msclkid", "twclid", "yclid", "ysclid", "igshid"),
        *("_openstat", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi", "__hstc", "__hssc", "__hsfp", "_bhlid"),
        *("wickedid", "rb_clickid", "cmpid", "__twitter_impression"),
    }
)
_TRACKER_FAMILIES = ("utm_", "hsa_", "vero_", "oly_", "itm_", "hmb_", "mtm_", "pk_")
_SESSIONS = frozenset({"jsessionid", "phpsessid"})
_AMP_QUERY = frozenset({("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")})

# UR-21: host without www. or m. -> path, and the parameters that may hold the target.
_REDIRECTORS = {
    "l.facebook.com": ("/l.php", ("u",)),
    "lm.facebook.com": ("/l.php", ("u",)),
    "youtube.com": ("/redirect", ("q",)),
    "out.reddit.com": ("/", ("url",)),
    "vk.com": ("/away.php", ("to",)),
    "steamcommunity.com": ("/linkfilter", ("url", "u")),
}
_GOOGLE = ("/url", ("q", "url"))
_AMP_CACHE = re.compile(r"/[cv]/(s/)?(.+)")
_AMP_VIEWER = re.compile(r"/amp/(s/)?(.+)")


class Parts(NamedTuple):
    """A URL on its way to its key."""

    host: str  # with a port that is no default
    path: str
    query: str
    fragment: str
    sites: frozenset[str]
    keep_fragment: bool


def match_key(url: str, *, sites: frozenset[str] = frozenset(), keep_fragment: bool = False) -> str:
    """Return what equal stories have in common: host, path and query without what varies between copies (UR-01…40).

    ``sites`` are the hosts of the feed and its site, for UR-12. ``keep_fragment`` is for feeds whose links differ by
    nothing else (UR-15). The scheme is dropped: the key of ``"https://" + key`` is the key, redirectors aside, unless
    encoding makes that too long for a URL. What is no http(s) URL is its own key. Never raises.
    """
    parts = _read(url, sites, keep_fragment)
    if parts is None:
        return url.strip()
    for _, rule in RULES:
        parts = rule(parts)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.host}{parts.path}{query}{parts.fragment}"


def _unwrapped(parts: Parts) -> Parts:
    """Redirectors and AMP caches name their target; once, and only where it is a web address (UR-20, UR-21)."""
    target = _target(_bare(parts.host), parts.path, parts.query)
    return (target and _read(target, parts.sites, parts.keep_fragment)) or parts


def _host(parts: Parts) -> Parts:
    bare = _bare(parts.host)
    return parts if bare == parts.host else parts._replace(host=bare)


def _path_encoding(parts: Parts) -> Parts:
    path = _encoded(parts.path)
    return parts if path == parts.path else parts._replace(path=path)


def _path_segments(parts: Parts) -> Parts:
    if "/." not in parts.path and "//" not in parts.path:
        return parts
    kept: list[str] = []
    segments = parts.path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    end = "/" if segments[-1:] in ([".."], ["."]) else ""
    return parts._replace(path=_SLASHES.sub("/", "/" + "/".join(kept) + end))


def _path_session(parts: Parts) -> Parts:
    return parts._replace(path=_PATH_SESSION.sub("", parts.path)) if ";" in parts.path else parts


def _path_tail(parts: Parts) -> Parts:
    tail = _PATH_TAIL.search(parts.path)
    return parts._replace(path=parts.path[: tail.start()]) if tail else parts


def _query(parts: Parts) -> Parts:
    """Trackers, sessions and AMP switches go; the rest is sorted by name, repeats in their order (UR-08…14)."""
    if not parts.query:
        return parts
    query = parts.query
    if query.count("&") == query.count("&amp;"):  # UR-31: escaped once too often
        query = query.replace("&amp;", "&")
    pairs = [pair for pair in query.split("&") if pair and not _is_noise(pair, parts)]
    pairs = [_encoded(pair.replace("+", "%20")) for pair in pairs]
    return parts._replace(query="&".join(sorted(pairs, key=_name)))


def _fragment(parts: Parts) -> Parts:
    """Only ``#!…`` is an address of its own, or what the caller says is (UR-15, UR-16)."""
    if not parts.fragment:
        return parts
    kept = parts.fragment.startswith("!") or (parts.keep_fragment and not _FRAGMENT_JUNK.match(parts.fragment))
    return parts._replace(fragment=f"#{_encoded(parts.fragment)}" if kept else "")


# By name and in order, so that a key can be explained step by step.
RULES: tuple[tuple[str, Callable[[Parts], Parts]], ...] = (
    ("target of a redirector", _unwrapped),
    ("host without www, m, mobile, amp", _host),
    ("percent-encoding of the path", _path_encoding),
    ("dot segments and double slashes", _path_segments),
    ("session in the path", _path_session),
    ("trailing slash, index page, AMP page", _path_tail),
    ("query without trackers, sorted", _query),
    ("fragment", _fragment),
)


def _read(url: str, sites: frozenset[str], keep_fragment: bool) -> Parts | None:
    link = web_url(url)
    parts = split_url(link) if link else None
    if parts is None:
        return None
    host = ascii_host(parts.host) or parts.host
    rest, _, fragment = parts.rest.partition("#")
    path, _, query = rest.partition("?")
    port = "" if parts.port in _DEFAULT_PORTS else f":{int(parts.port)}"
    return Parts(host + port, path, query, fragment, sites, keep_fragment)


def _bare(host: str) -> str:
    """Device and protocol prefixes gone, as long as a domain is left (UR-19)."""
    while host.startswith(_DEVICE_HOSTS):
        rest = host.partition(".")[2]
        if "." not in rest:
            break
        host = rest
    return host


def _target(host: str, path: str, query: str) -> str | None:
    google = host.startswith("google.")
    place = _GOOGLE if google else _REDIRECTORS.get(host)
    if place and path.rstrip("/") == place[0].rstrip("/"):
        found = dict(parse_qsl(query, errors="replace"))
        return next((url for name in place[1] if (url := web_url(found.get(name, "")))), None)
    amp = _AMP_VIEWER if google else _AMP_CACHE if host.endswith("cdn.ampproject.org") else None
    inner = amp.fullmatch(path) if amp else None
    return web_url(f"https://{inner[2]}" + (f"?{query}" if query else "")) if inner else None


def _is_noise(pair: str, parts: Parts) -> bool:
    name, _, value = pair.partition("=")
    name = (unquote(name) if "%" in name else name).lower()
    if name in _TRACKERS or name in _SESSIONS or name.startswith(_TRACKER_FAMILIES):
        return True
    if name == "ref":
        return _names_site(unquote(value), parts)
    return (name, value.lower()) in _AMP_QUERY


def _names_site(value: str, parts: Parts) -> bool:
    """``ref=`` as Ghost writes it, naming the site itself (UR-12); anywhere else it may be content."""
    host = _bare(value.lower().removeprefix("https://").removeprefix("http://").rstrip("/"))
    return host == parts.host or any(host == _bare(site) for site in parts.sites)


def _name(pair: str) -> str:
    return pair.partition("=")[0]


def _encoded(text: str) -> str:
    """Unreserved characters decoded, hex upper-cased, everything unsafe encoded (UR-05, UR-06, UR-37)."""
    if _SIMPLE.fullmatch(text) and "%" not in text:
        return text
    return _ESCAPE.sub(_escape, quote(text, safe=_DELIMITERS, errors="replace"))


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:  # a stray percent sign
        return "%25"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
