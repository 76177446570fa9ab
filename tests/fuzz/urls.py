"""URL checking, joining, cleaning and taking apart."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from hypothesis import strategies as st

from aggregator.fetch.target import redirected, target
from aggregator.url.check import MAX_LENGTH, ascii_host, split_url, web_url
from aggregator.url.clean import match_key, trace
from aggregator.url.domain import site
from aggregator.url.origin import host_origin, origin
from tests.fuzz.mutation import mutated
from tests.fuzz.trial import Target

_SEEDS = (
    "https://www.example.com/a/../b//c/index.html?utm_source=x&b=2&a=1#:~:text=y",
    "HTTP://user:pass@Example.COM:8080/%7Efoo/%e4?q=a+b&amp;c=%00",
    "https://bücher.example/straße?ü=ß",
    "http://[2001:db8::1]:80/x",
    "http://[::ffff:127.0.0.1]/",
    "http://192.168.1.1./x",
    "http://0x7f.1/",
    "https://xn--bcher-kva.example:443/amp/",
    "https://www.google.com/url?q=https%3A%2F%2Fm.x.example%2Fa&sa=D",
    "https://x-example.cdn.ampproject.org/c/s/x.example/a/amp",
    "//host/path",
    "../relative?x#y",
    "feed:https://example.org/feed",
    "<![CDATA[https://example.org/1]]>",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://example.com/;jsessionid=1?phpsessid=2&ref=www.example.com",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fx.example",
    "https://example.org/\u202e\u200b\u00ad x",
)
_PIECES = (
    *(
        "http://",
        "https://",
        "://",
        "//",
        "/",
        "\\",
        "?",
        "#",
        "@",
        ":",
        "[",
        "]",
        "%",
        "%00",
        "%2f",
        "%25",
        "%zz",
        "&",
    ),
    *(
        "&amp;",
        "=",
        ";",
        "+",
        " ",
        "\t",
        "\n",
        "\x00",
        "\x7f",
        "\x85",
        "\ud800",
        "\u200d",
        "\u3002",
        "\uff0e",
        "\ufeff",
    ),
    *("\u2028", "ß", "ı", "İ", "K", "ﬀ", "xn--", "xn--a", ".", "..", "/../", "/./", "www.", "m.", "amp.", "/amp"),
    *(
        "utm_",
        "utm_source=1",
        "amp",
        "ref=",
        "index.html",
        "0x",
        "127.0.0.1",
        "1e9",
        "%E2%80%8B",
        "a" * 64,
        "é",
        "\U0001f600",
    ),
    *(
        "<![CDATA[",
        "]]>",
        ";jsessionid=",
        "!",
        "#!",
        "~",
        "'",
        '"',
        "<",
        ">",
        "{",
        "|",
        "^",
        "`",
        "*",
        "$",
        ",",
        "-",
        "_",
    ),
)
_TOKENS = st.sampled_from(_PIECES) | st.text(max_size=5)
_BASES = st.none() | st.sampled_from(_SEEDS)


@dataclass(frozen=True, slots=True)
class Case:
    """A link, and what it stands in."""

    raw: str
    base: str | None


def check(case: Case) -> None:
    """UR-01…40, ST-16, ST-17: None or sound, the same when done again, and read alike by others."""
    link = web_url(case.raw, case.base)
    if link is not None:
        _check_link(link)
    key = match_key(case.raw)
    assert match_key(key) == key or "://" in case.raw
    for text in (case.raw, link or ""):
        _check_asking(text)
    _check_redirect(case)
    host = ascii_host(case.raw)
    assert host is None or (host.isascii() and ascii_host(host) == host)


def _check_link(link: str) -> None:
    assert len(link) <= MAX_LENGTH
    assert web_url(link) == link
    assert web_url(link, "https://base.example/x") == link
    link.encode()
    assert not any(character.isspace() or ord(character) < 33 for character in link)
    parts = split_url(link)
    assert parts is not None
    others = urlsplit(link)
    assert others.scheme == parts.scheme.lower()
    assert others.hostname == parts.host.lower().strip("[]")
    assert others.port == (int(parts.port) if parts.port else None)
    assert ascii_host(parts.host) is not None
    _check_key(link)


def _check_key(link: str) -> None:
    key = match_key(link)
    key.encode("ascii")
    # What a redirector named may be a redirector itself; and encoded a link may be too long for one.
    again = match_key(f"https://{key}") if len(key) <= MAX_LENGTH - len("https://") else key
    assert again == key or match_key(f"https://{again}") == again
    assert trace(link).key == key


def _check_asking(url: str) -> None:
    assert host_origin(url) or not url
    site(url)
    try:
        asked = target(url)
    except ValueError:
        return
    assert asked.url.isascii()
    assert target(asked.url) == asked or asked.authority.credentials is not None
    assert origin(asked.url) == origin(url)


def _check_redirect(case: Case) -> None:
    try:
        redirected(target("https://example.org/a?b"), case.raw)
    except ValueError:
        return


URLS = Target(
    name="urls",
    cases=st.builds(Case, mutated(_SEEDS, _TOKENS) | st.lists(_TOKENS, max_size=12).map("".join), _BASES),
    check=check,
    seconds=1.0,
)
