"""The authority of a URL: whom it asks, as which host and on which port."""

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import unquote_to_bytes

import idna

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SPLIT = re.compile(r"\A(https?)://([^/?#]*)", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
_LONGEST_HOST = 253  # RFC 1035 section 2.3.4, in text form
_PORT = re.compile(r"[0-9]{0,5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Scheme, host and port of an http(s) URL, and the credentials written in it."""

    scheme: str
    host: str  # lower case, punycode, no trailing dot; an IPv6 address without brackets and zone
    port: int
    credentials: bytes | None = None  # "user:password", percent-decoded

    @property
    def netloc(self) -> str:
        """Host for a URL or a Host header: IPv6 in brackets, the port only where it is not the scheme's default."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def origin(url: str) -> str:
    """Return who answers for politeness: host, with ``:port`` when that is not the scheme's default.

    Raises ``ValueError`` like ``authority``.
    """
    return authority(url).netloc


def host_origin(url: str, address: str | None = None) -> str:  # noqa: ARG001 - one of several ways to name an origin
    """Return the ``origin`` of ``url``, wherever it connects; one that no request can be sent to is its own."""
    try:
        return origin(url)
    except ValueError:
        return url


def authority(url: str) -> Authority:
    """Read the authority of an http(s) URL; raise ``ValueError`` where it has none that can be asked (ST-17)."""
    split = _SPLIT.match(url)
    if split is None:
        raise ValueError("not an http or https URL")
    scheme = split[1].lower()
    userinfo, _, address = split[2].rpartition("@")
    host, port = _host_and_port(address)
    return Authority(
        scheme=scheme, host=host, port=port or _DEFAULT_PORTS[scheme], credentials=_credentials(userinfo) or None
    )


def _host_and_port(address: str) -> tuple[str, int | None]:
    if address.startswith("["):
        host, bracket, rest = address[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise ValueError("malformed IPv6 address")
        return str(IPv6Address(host.partition("%")[0])), _port(rest[1:])
    host, _, port = address.partition(":")
    return _ascii_host(host), _port(port)


def _port(text: str) -> int | None:
    if not _PORT.fullmatch(text) or not (text == "" or 0 < int(text) < 65536):
        raise ValueError("malformed port")
    return int(text) if text else None


def _ascii_host(host: str) -> str:
    if len(host) > _LONGEST_HOST + 1:  # before the encoding, which is slow on long names; one more for a final dot
        raise ValueError("host name too long")
    name = host.lower() if host.isascii() else _punycode(host).lower()
    name = name.removesuffix(".")
    if not _HOST.fullmatch(name) or len(name) > _LONGEST_HOST:
        raise ValueError("malformed host name")
    return name


def _punycode(host: str) -> str:
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        # emoji domains exist and are valid only under IDNA 2003
        return host.encode("idna").decode("ascii")


def _credentials(userinfo: str) -> bytes:
    if not userinfo:
        return b""
    user, _, password = userinfo.partition(":")
    return unquote_to_bytes(user) + b":" + unquote_to_bytes(password)
