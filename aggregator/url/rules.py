"""The rules that make a match key of a web address, by name and in order. Each is pure and changes one thing."""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from aggregator.url.parts import Parts, encoded, read_parts
from aggregator.url.targets import target

_DEVICE_HOSTS = ("www.", "m.", "mobile.", "amp.")
_SLASHES = re.compile(r"//+")
_PATH_SESSION = re.compile(r";(?:jsessionid|phpsessid)=[^/;]*", re.IGNORECASE)
# "/amp" is the phone's copy of the page above it; alone it is a page of its own.
_PATH_TAIL = re.compile(r"(?:/index\.html?|(?!\A)/amp|/)+\Z", re.IGNORECASE)
_AMP_NAME = re.compile(r"(?:\A|(?<=&))amp;")
_PLAIN_QUERY = re.compile(r"[!$(-*,-;=?-\[\]_a-z~]+(?:&[!$(-*,-;=?-\[\]_a-z~]+)*")
_TAILS = ("/", "/index.html", "/index.htm", "/amp")

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
_AMP_SWITCHES = frozenset({"amp", "amp=", "amp=1", "amp=true", "outputtype=amp"})


class Rule(NamedTuple):
    """A step towards the key. It returns the very parts that it was given where it has nothing to do."""

    name: str
    cases: str  # of the behaviour list
    apply: Callable[[Parts], Parts]


def bare(host: str) -> str:
    """Return the host without prefixes for devices and protocols, as long as a domain is left (UR-19)."""
    while host.startswith(_DEVICE_HOSTS):
        rest = host.partition(".")[2]
        if "." not in rest:
            break
        host = rest
    return host


def _unwrap(parts: Parts) -> Parts:
    url = target(parts)
    return (url and read_parts(url, parts.sites)) or parts


def _host(parts: Parts) -> Parts:
    host = bare(parts.host)
    return parts if host == parts.host else Parts(host, *parts[1:])


def _path_encoding(parts: Parts) -> Parts:
    path = encoded(parts.path)
    return parts if path == parts.path else parts.with_path(path)


def _path_session(parts: Parts) -> Parts:
    return parts.with_path(_PATH_SESSION.sub("", parts.path)) if ";" in parts.path else parts


def _path_segments(parts: Parts) -> Parts:
    path = parts.path
    if "/." not in path and "//" not in path:
        return parts
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    end = "/" if segments[-1] in {"..", "."} else ""
    return parts.with_path(_SLASHES.sub("/", "/" + "/".join(kept) + end))


def _path_tail(parts: Parts) -> Parts:
    if not parts.path.lower().endswith(_TAILS):
        return parts
    tail = _PATH_TAIL.search(parts.path)
    return parts.with_path(parts.path[: tail.start()]) if tail else parts


def _fragment(parts: Parts) -> Parts:
    if not parts.fragment:
        return parts
    kept = encoded(parts.fragment) if parts.fragment.startswith("!") else ""
    return parts._replace(fragment=kept)


def _escaped_ampersands(parts: Parts) -> Parts:
    """``&amp;`` for every separator was escaped once too often; otherwise ``amp;`` is part of a name, and stays so."""
    query = parts.query
    if "amp;" not in query:
        return parts
    if query.count("&") == query.count("&amp;"):
        query = query.replace("&amp;", "&")
    return parts.with_query(_AMP_NAME.sub("amp%3B", query))


def _query_encoding(parts: Parts) -> Parts:
    if _PLAIN_QUERY.fullmatch(parts.query):
        return parts
    pairs = (encoded(pair.replace("+", "%20")) for pair in parts.query.split("&") if pair)
    return parts.with_query("&".join(pairs))


def _trackers(parts: Parts) -> Parts:
    return _without(parts, _is_tracker)


def _sessions(parts: Parts) -> Parts:
    return _without(parts, _is_session) if "sess" in parts.query.lower() else parts


def _amp_switches(parts: Parts) -> Parts:
    return _without(parts, _is_amp_switch) if "amp" in parts.query.lower() else parts


def _own_ref(parts: Parts) -> Parts:
    """``ref=`` as Ghost writes it, naming the site itself; anywhere else it may be content."""
    if "ref=" not in parts.query.lower():
        return parts
    hosts = {bare(parts.host), *map(bare, parts.sites)}
    return _without(parts, lambda pair: _name(pair) == "ref" and _named_host(pair) in hosts)


def _order(parts: Parts) -> Parts:
    if "&" not in parts.query:
        return parts
    return parts.with_query("&".join(sorted(parts.query.split("&"), key=_plain_name)))


def _without(parts: Parts, is_noise: Callable[[str], bool]) -> Parts:
    pairs = parts.query.split("&")
    kept = [pair for pair in pairs if not is_noise(pair)]
    return parts if len(kept) == len(pairs) else parts.with_query("&".join(kept))


def _plain_name(pair: str) -> str:
    return pair.partition("=")[0]


def _name(pair: str) -> str:
    """The name in lower case; what could be decoded in it is decoded by now."""
    return pair.partition("=")[0].lower()


def _is_tracker(pair: str) -> bool:
    name = pair.partition("=")[0].lower()
    return name in _TRACKERS or name.startswith(_TRACKER_FAMILIES)


def _is_session(pair: str) -> bool:
    return _name(pair) in _SESSIONS


def _is_amp_switch(pair: str) -> bool:
    return pair.lower() in _AMP_SWITCHES


def _named_host(pair: str) -> str:
    value = unquote(pair.partition("=")[2]).lower()
    return bare(value.removeprefix("https://").removeprefix("http://").rstrip("/"))


RULES = (
    Rule("redirector unwrapped", "UR-20, UR-21, UR-22", _unwrap),
    Rule("host without www, m, mobile, amp", "UR-19", _host),
    Rule("percent-encoding of the path", "UR-05, UR-06, UR-37", _path_encoding),
    Rule("session in the path", "UR-40", _path_session),
    Rule("dot segments and double slashes", "UR-03, UR-04", _path_segments),
    Rule("trailing slash, index page, AMP page", "UR-17, UR-18, UR-19", _path_tail),
    Rule("fragment", "UR-15, UR-16", _fragment),
)
QUERY_RULES = (
    Rule("escaped ampersands", "UR-31", _escaped_ampersands),
    Rule("percent-encoding of the query, empty parameters", "UR-05, UR-08, UR-10", _query_encoding),
    Rule("tracking parameters", "UR-11", _trackers),
    Rule("ref= that names the site", "UR-12", _own_ref),
    Rule("session in the query", "UR-40", _sessions),
    Rule("AMP switches", "UR-19", _amp_switches),
    Rule("order of the parameters", "UR-09", _order),
)
