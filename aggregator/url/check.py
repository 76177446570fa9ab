"""Which links may be kept: absolute, http or https, and read alike by every URL parser."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urljoin

import idna

MAX_LENGTH = 4096

# Zero-width space, word joiner and byte order mark end up around pasted links; str.strip() leaves them.
_AROUND = "\u200b\u2060\ufeff"
_LINE_BREAKS = str.maketrans("", "", "\t\r\n")
FORBIDDEN = re.compile(r"[\\\x00-\x1f\x7f-\x9f\ud800-\udfff]|%00")
# Whitespace, invisible format characters and the delimiters that no URL may hold (RFC 3986 appendix C).
_UNSAFE = re.compile(r"[\s<>\"\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]")
_SHAPE = re.compile(r"(https?)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_PORT = re.compile(r"0*[0-9]{0,5}")
_NUMERIC = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_ASCII_LABEL = re.compile(r"[a-z0-9_-]{1,63}")
# What nearly every link looks like: the slow path would return it as it is.
_ORDINARY = re.compile(
    r"https?://(?=[^/?#]{1,253}(?:[/?#]|\Z))"
    r"((?:(?!xn--)[a-z0-9_-]{1,63}\.)+(?!xn--)[a-z][a-z0-9-]{0,62})"
    r"((?:[/?#][!#-;=?-\[\]-~]*)?)",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebUrl:
    """The parts of an http(s) URL whose host and port are sound, as published but for the userinfo."""

    scheme: str
    host: str
    port: str  # digits, or "" where none is given
    rest: str  # path, query and fragment


def web_url(raw: str, base: str | None = None) -> str | None:
    """Return the link as published, made absolute and safe to follow, or None where that cannot be.

    ``base`` is what a relative link, ``//host/x`` and the empty link are resolved against (UR-34). Surrounding
    whitespace, line breaks and userinfo go, inner whitespace is encoded (UR-28, UR-30). None for any scheme but http
    and https (UR-33), for backslashes, control characters and ``%00`` (UR-29, UR-37), for a host or port that cannot
    be (UR-26, UR-32), and beyond 4096 characters (UR-36). Nothing else is changed. Never raises.
    """
    text = raw.strip().strip(_AROUND)
    if len(text) > MAX_LENGTH:
        return None
    if ordinary(text):
        return text
    text = _unwrapped(text).translate(_LINE_BREAKS).strip()
    if FORBIDDEN.search(text):
        return None
    parts = split_url(_absolute(text, base))
    if parts is None:
        return None
    port = f":{parts.port}" if parts.port else ""
    url = f"{parts.scheme}://{parts.host}{port}{_UNSAFE.sub(_encoded, parts.rest)}"
    return url if len(url) <= MAX_LENGTH and not FORBIDDEN.search(url) else None


def ordinary(url: str) -> re.Match[str] | None:
    """Match a link that ``web_url`` returns as it is and whose host is ASCII, without a port; groups: host, rest."""
    return None if "%00" in url or len(url) > MAX_LENGTH else _ORDINARY.fullmatch(url)


def split_url(url: str) -> WebUrl | None:
    """Return the parts of an absolute http(s) URL, or None where it is none. Never raises."""
    shape = _SHAPE.fullmatch(url)
    if shape is None:
        return None
    scheme, authority, rest = shape.groups()
    host, port = _host_and_port(authority.rpartition("@")[2])
    if not _PORT.fullmatch(port) or int(port or 0) > 65535:
        return None
    if _UNSAFE.search(host) or ascii_host(host) is None:
        return None
    return WebUrl(scheme=scheme, host=host, port=port, rest=rest)


def ascii_host(host: str) -> str | None:
    """Return the host as DNS has it: lower case, IDNA 2008 under UTS 46 (UR-24…27), no trailing dot, or None.

    An IPv6 address keeps its brackets and is compressed; what looks like an IPv4 address must be one in the usual
    notation. Never raises.
    """
    if host.startswith("["):
        return _ipv6(host)
    name = host.lower().removesuffix(".")
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii").removesuffix(".")
        except (idna.IDNAError, UnicodeError):
            return None
    if len(name) > 253 or not all(map(_is_label, name.split("."))):
        return None
    # "256.1", "0x7f.1" and "2130706433": an address to some parsers, a name to others.
    return name if not _NUMERIC.fullmatch(name) or _is_ipv4(name) else None


def _absolute(text: str, base: str | None) -> str:
    if base is None or _SHAPE.match(text):
        return text
    if text.startswith("///"):  # a host to browsers, a path to Python
        return ""
    try:
        return urljoin(base.strip(), text)
    except ValueError:
        return ""


def _unwrapped(text: str) -> str:
    """``<![CDATA[…]]>`` that was escaped once too often (UR-30)."""
    return text[9:-3] if text.startswith("<![CDATA[") and text.endswith("]]>") else text


def _encoded(match: re.Match[str]) -> str:
    return quote(match.group(), safe="")


def _host_and_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        address, bracket, port = authority.partition("]")
        # "[::1]80" has no colon: the stray text must not pass for a port.
        return address + bracket, port.removeprefix(":") if not port or port[0] == ":" else "x"
    host, _, port = authority.partition(":")
    return host, port


def _ipv6(host: str) -> str | None:
    if "%" in host or not host.endswith("]"):
        return None
    try:
        return f"[{ipaddress.IPv6Address(host[1:-1]).compressed}]"
    except ValueError:
        return None


def _is_ipv4(host: str) -> bool:
    try:
        ipaddress.IPv4Address(host)
    except ValueError:
        return False
    return True


def _is_label(label: str) -> bool:
    if not _ASCII_LABEL.fullmatch(label):
        return False
    if not label.startswith("xn--"):
        return True
    try:
        return bool(label[4:].encode().decode("punycode"))
    except UnicodeError:
        return False
