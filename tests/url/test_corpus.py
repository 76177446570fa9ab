"""The URL vectors of other programs: ours must agree with at least 95 % of those that apply.

A vector is a link and what it becomes elsewhere. We agree if both have the same match key, or if neither can be kept.
Which vectors do not apply is decided by the rules of ``NOT_OURS``, each with its reason, and never vector by vector.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from aggregator.url.check import web_url
from aggregator.url.clean import match_key

CORPUS = Path(__file__).parents[2] / "../shared/corpus/urls"
LEAST = 0.95

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the test corpus is not beside this checkout")


class Vector(NamedTuple):
    """What another program makes of a link; None where it refuses it, or where it is no web address."""

    link: str
    base: str | None
    becomes: str | None
    sites: frozenset[str] = frozenset()


_AUTHORITY = r"\s*https?:[\\/]*[^/?#]*"
_USUAL_IP = r"(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.|(?=[/:]))){4}[/:]"
_SHORT_IP = rf"\s*https?://(?!{_USUAL_IP})(?:[^/?#]*\.)?(?:0x[0-9a-f]*|[0-9]+)\.?(?=[/:?#]|\Z)"
# Each is a reason why a link may be read differently here, and what such links look like.
NOT_OURS = {
    "slashes are missing or too many: what was meant is a guess": r"\s*https?:(?!//(?![/\\]))|///|[^:/?#]*\.\w+/?\Z",
    "a backslash or control character is refused (UR-29, UR-37)": r".*[\\\x00-\x08\x0b\x0c\x0e-\x1f\x80-\x9f]|.*%00",
    "a space, percent sign or invisible character in the host is refused": rf"{_AUTHORITY}[%\s\u200b\u2060\ufeff\xad]",
    "an address in numbers is one only in the usual notation (SS-02)": _SHORT_IP,
    "a symbol in the host is refused: IDNA 2008 has none (UR-26)": rf"{_AUTHORITY}[\u2190-\u2bff\U0001f000-\U0001faff]",
    "what is escaped twice is not unescaped twice (UR-31)": r".*%(?:25|%)",
    "what has a meaning in a URL is not decoded (UR-06)": r"[^?]*%(?:2[1-9a-c]|3[a-f]|40|5[bd])|.*%(?:26|3d)",
    "of the hosts with numbers none is the same as without (UR-19)": r"https?://www\d+\.",
    "parameters of one name keep their order (UR-09)": r".*[?&](\w+)=.*&\1=",
    "several dots at the end of a host are refused (UR-27)": r"https?://[^/]*\.\.+/",
}


def _wpt() -> Iterator[Vector]:
    for vector in _lines("wpt-urltestdata.jsonl"):
        base = None if vector["base"] in {None, "about:blank"} else vector["base"]
        yield Vector(vector["input"], base, _web(vector.get("href")))


def _urlcanon() -> Iterator[Vector]:
    for name in ("semantic_precise", "supplemental_whatwg"):
        for link, becomes in _json(f"urlcanon/{name}.json").items():
            yield Vector(_utf8(link), None, _web(_utf8(becomes)))
    for path, resolved in _json("urlcanon/path_dots.json")["special"].items():
        yield Vector(f"http://example.com{path}", None, f"http://example.com{resolved}")
    for address, meant in _json("urlcanon/funky_ipv4.json").items():
        yield Vector(f"http://{address}/", None, meant and f"http://{meant}/")


def _surt() -> Iterator[Vector]:
    suites = _json("urlcanon/surt.json")
    for name in ("google", "googleSupplementalFromSurt", "Canonicalizer.IA", "Canonicalizer.DefaultIA"):
        for link, becomes in suites[name].items():
            yield Vector(_utf8(link), None, _web(_utf8(becomes)))
    for query, ordered in suites["alphaRorderQuery"].items():
        yield Vector(f"http://a.example/?{query}", None, f"http://a.example/?{ordered}")
    for host, massaged in suites["massageHost"].items():
        yield Vector(f"http://{host}/x", None, f"http://{massaged}/x")


def _miniflux() -> Iterator[Vector]:
    for vector in _lines("miniflux-urlcleaner.jsonl"):
        hosts = (urlsplit(vector.get(name, "")).hostname for name in ("baseURL", "feedURL"))
        sites = frozenset(host for host in hosts if host)
        yield Vector(vector["input"], None, _web(vector["expected"]), sites)
    for vector in _lines("miniflux-uri-scheme-allowed.jsonl"):
        yield Vector(vector["url"], None, _web(vector["url"]) if vector["allowed"] else None)
    for vector in _lines("miniflux-urllib.jsonl"):
        if vector["fn"] == "TestIsAbsoluteURL":
            yield Vector(vector["input"], None, vector["input"].strip() if _web(vector["input"]) else None)


@pytest.mark.parametrize("suite", [_wpt, _urlcanon, _surt, _miniflux])
def test_we_agree_with_others_where_their_vectors_apply(suite: Any, record_property: Any) -> None:
    """UR-01…07, UR-09, UR-11, UR-12, UR-24…34: and it is said how many do not apply, by which rule."""
    vectors = list(suite())
    ours = [vector for vector in vectors if _why_not(vector) is None]
    wrong = [vector for vector in ours if not _agrees(vector)]
    record_property("applies", f"{len(ours)} of {len(vectors)}")
    record_property("disagree", len(wrong))
    record_property("not ours", Counter(reason for vector in vectors if (reason := _why_not(vector))))
    assert len(ours) >= len(vectors) / 2
    assert 1 - len(wrong) / len(ours) >= LEAST, wrong


def test_every_rule_that_leaves_vectors_out_is_needed() -> None:
    """And it is not one that hides what we could agree with: most of what it leaves out does differ."""
    left_out = [vector for suite in (_wpt, _urlcanon, _surt, _miniflux) for vector in suite() if _why_not(vector)]
    differ = Counter(_why_not(vector) for vector in left_out if not _agrees(vector))
    assert set(differ) == set(NOT_OURS)


@pytest.mark.parametrize("suite", [_wpt, _urlcanon, _surt, _miniflux])
def test_the_key_of_any_vector_is_stable(suite: Any) -> None:
    """UR-38."""
    for vector in suite():
        url = web_url(vector.link, vector.base)
        key = match_key(url or vector.link)
        assert match_key(key) == key
        assert url is None or match_key(f"https://{key}") == key


def _agrees(vector: Vector) -> bool:
    url = web_url(vector.link, vector.base)
    if url is None or vector.becomes is None:
        return url is None and vector.becomes is None
    return match_key(url, sites=vector.sites) == match_key(vector.becomes, sites=vector.sites)


def _why_not(vector: Vector) -> str | None:
    """What others refuse too applies always."""
    if vector.becomes is None:
        return None
    return next(
        (reason for reason, shape in NOT_OURS.items() if re.match(shape, vector.link, re.IGNORECASE | re.DOTALL)), None
    )


def _web(url: str | None) -> str | None:
    return url if url and re.match(r"\s*https?://", url, re.IGNORECASE) else None


def _utf8(text: str) -> str:
    """Those files hold UTF-8 as if it were Latin-1."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeError:
        return text


def _lines(name: str) -> list[Any]:
    return [json.loads(line) for line in (CORPUS / name).read_text("utf-8").splitlines()]


def _json(name: str) -> Any:
    return json.loads((CORPUS / name).read_text("utf-8"))
