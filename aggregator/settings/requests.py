"""What the operator wants sent with requests: checked here, and never repeated in a message.

A value may be a text, or say where one is: ``{ env = "NAME" }``, ``{ file = "path" }``.
"""

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import ValidationInfo

from aggregator.settings.checks import Context

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}")  # RFC 9110 section 5.6.2
_LINE = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # printable ASCII, no space at either end
_SHORTEST_KEY = 16  # bytes
_LARGEST = 8192  # bytes; more would not fit a request
_OURS = frozenset(
    {
        # of the connection and the message, which the program frames itself (RFC 9110 section 7.6.1)
        *("host", "connection", "content-length", "content-type", "expect", "keep-alive", "proxy-authorization"),
        *("proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"),
        # of what is asked: conditions are the program's (CR-02), codings those it can bound (HT-08), a document whole
        *("a-im", "accept-encoding", "if-match", "if-modified-since", "if-none-match", "if-range", "range"),
        *("if-unmodified-since", "referer"),  # HT-05
    }
)


def header_name(value: str) -> str:
    """The name of a header that is not the program's own business."""
    if not _TOKEN.fullmatch(value):
        raise ValueError("expected the name of an HTTP header")
    if value.lower() in _OURS:
        raise ValueError(f"the header {value} is set by the program alone")
    if value.lower() == "user-agent":
        raise ValueError("a User-Agent is set by the key user_agent")
    return value


def line(value: object, info: ValidationInfo) -> str:
    """A text that fits into a header: one line of printable ASCII."""
    text = secret(value, info)
    if not _LINE.fullmatch(text) or len(text) > _LARGEST:
        raise ValueError("expected one line of printable ASCII")
    return text


def bearer(value: object, info: ValidationInfo) -> str | None:
    """A key that a server is shown; None is none."""
    return None if value is None else line(value, info)


def secret(value: object, info: ValidationInfo) -> str:
    """A text, or where it is: in a variable of the environment, or in a file beside the configuration."""
    match value:
        case str():
            return value
        case {"env": str(name), **rest} if not rest:
            return _of_variable(name, info.context)
        case {"file": str(path), **rest} if not rest:
            return _of_file(path, info.context)
    raise ValueError('expected a text, { env = "NAME" } or { file = "path" }')


def signing_key(value: object, info: ValidationInfo) -> bytes:
    """The key that webhooks are signed with: ``whsec_`` and base64, as Standard Webhooks write it, or another text."""
    if isinstance(value, bytes):  # read before
        return value
    text = secret(value, info)
    try:
        key = (
            base64.b64decode(text.removeprefix("whsec_"), validate=True) if text.startswith("whsec_") else text.encode()
        )
    except ValueError:
        key = b""
    if len(key) < _SHORTEST_KEY:
        raise ValueError(f'expected "whsec_" and base64, or a text, of {_SHORTEST_KEY} bytes at least')
    return key


def token(value: object, info: ValidationInfo) -> str | None:
    """What a program proves itself with, as a header carries it; None is nothing."""
    if value is None:
        return None
    text = line(value, info)
    if len(text) < _SHORTEST_KEY or " " in text:
        raise ValueError(f"expected {_SHORTEST_KEY} characters at least, none of them a space")
    return text


def user_agent(value: object) -> str | None:
    """A User-Agent: one line of printable ASCII."""
    if value is None:  # only the default: TOML has no null
        return None
    if not isinstance(value, str) or not _LINE.fullmatch(value) or len(value) > _LARGEST:
        raise ValueError("expected one line of printable ASCII")
    return value


def proxy(value: object, info: ValidationInfo) -> str | None:
    """The URL of an HTTP proxy."""
    if value is None:
        return None
    url = secret(value, info)
    try:
        parts = urlsplit(url)
        usable = parts.scheme == "http" and parts.hostname and parts.path in {"", "/"} and parts.port != 0
    except ValueError:
        usable = False
    if not usable or not _LINE.fullmatch(url) or parts.query or parts.fragment:
        raise ValueError('expected the URL of an HTTP proxy such as "http://proxy.example:3128"')
    return url


def host_pattern(value: str) -> str:
    """A host, or ``*.`` and a domain for every host below it; returned in lower case."""
    host = value.lower()
    if not re.fullmatch(r"(?:\*\.)?(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}|[0-9a-f:]{2,45}", host):
        raise ValueError('expected a host such as "example.org", or "*.example.org" (punycode where it is not ASCII)')
    return host


def _of_variable(name: str, context: Context) -> str:
    environ: Mapping[str, str] = context["environ"] if context else {}
    if name not in environ:
        raise ValueError(f"the environment variable {name} is not set")
    return environ[name].strip()


def _of_file(path: str, context: Context) -> str:
    file = (context["path"].parent if context else Path()) / path
    try:
        with file.open("rb") as opened:
            body = opened.read(_LARGEST + 1)
        return body.decode().strip()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "no text"
        raise ValueError(f"the file {path} cannot be read: {reason}") from None
