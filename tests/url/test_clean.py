"""Which links are the same story."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.url.clean import RULES_VERSION, match_key, trace
from aggregator.url.rules import QUERY_RULES, RULES


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://Example.COM:80/a", "example.com/a"),  # UR-01
        ("https://example.com", "example.com"),  # UR-02
        ("https://example.com:443/?", "example.com"),
        ("http://example.com:8080/", "example.com:8080"),
        ("http://BÜCHER.example/ü", "xn--bcher-kva.example/%C3%BC"),  # UR-24
        ("http://xn--bcher-kva.example/%c3%bc", "xn--bcher-kva.example/%C3%BC"),
        ("http://faß.de/", "xn--fa-hia.de"),  # UR-25
        ("http://example.com./x", "example.com/x"),  # UR-27
        ("http://u:p@example.com/x", "example.com/x"),  # UR-28
        ("http://good.example@evil.example/", "evil.example"),
        ("http://www.m.example.com/", "example.com"),  # UR-19
        ("http://mobile.example.com/", "example.com"),
        ("http://amp.example.com/", "example.com"),
        *((f"http://{name}.example.com/", f"{name}.example.com") for name in ("news", "blog", "data")),
        ("http://www.com/", "www.com"),
    ],
)
def test_scheme_port_and_device_tell_no_hosts_apart(url: str, key: str) -> None:
    """UR-01, UR-02, UR-19, UR-24, UR-25, UR-27, UR-28: the link itself stays as published."""
    assert match_key(url) == key


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://example.com/a/../b/./c", "example.com/b/c"),  # UR-03
        ("http://example.com/a/%2e%2E/b/..", "example.com"),
        ("http://example.com/a//b", "example.com/a/b"),  # UR-04
        ("http://example.com/%7Efoo/%e4", "example.com/~foo/%E4"),  # UR-05
        ("http://example.com/a%2Fb", "example.com/a%2Fb"),  # UR-06
        ("http://example.com/a+b", "example.com/a+b"),  # UR-07
        ("http://example.com/a b", "example.com/a%20b"),  # UR-30
        ("http://example.com/x/", "example.com/x"),  # UR-17
        ("http://example.com/x/index.html", "example.com/x"),  # UR-18
        ("http://example.com/index.html/", "example.com"),
        ("http://example.com/myindex.html", "example.com/myindex.html"),
        ("http://example.com/x/amp/", "example.com/x"),  # UR-19
        ("http://example.com/amp", "example.com/amp"),
        ("http://example.com/champ", "example.com/champ"),
        ("http://example.com/%zz%", "example.com/%25zz%25"),  # UR-37
        ("http://example.com/x;jsessionid=12/y", "example.com/x/y"),  # UR-40
        ("http://example.com/a/..;JSESSIONID=12/b/", "example.com/b"),
    ],
)
def test_paths_that_say_the_same_are_the_same(url: str, key: str) -> None:
    """UR-03…07, UR-17…19, UR-30, UR-37, UR-40."""
    assert match_key(url) == key


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("q=a+b", "q=a%20b"),  # UR-08
        ("q=a%20b", "q=a%20b"),
        ("b=2&a=1&b=1", "a=1&b=2&b=1"),  # UR-09
        ("a=", "a="),  # UR-10
        ("a", "a"),
        ("&&a=1&", "a=1"),
        ("amp=1&outputType=amp", ""),  # UR-19
        ("amp=%31&amp", ""),
        ("amp=2", "amp=2"),
        ("b=1&amp;a=2", "a=2&b=1"),  # UR-31
        ("b=1&amp;amp;a=2", "amp%3Ba=2&b=1"),
        ("b=1&c=3&amp;a=2", "amp%3Ba=2&b=1&c=3"),
        ("PHPSESSID=2&jsessionid=3&x", "x"),  # UR-40
        ("crop/1420x708/format/webp", "crop/1420x708/format/webp"),
    ],
)
def test_queries_that_say_the_same_are_the_same(query: str, kept: str) -> None:
    """UR-08…10, UR-19, UR-31, UR-40."""
    assert match_key(f"http://example.com/x?{query}") == f"example.com/x{'?' if kept else ''}{kept}"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://example.com/x#y", "example.com/x"),  # UR-15
        ("http://example.com/x#!/y", "example.com/x#!/y"),
        ("http://example.com/x#utm_source=y", "example.com/x"),  # UR-16
        ("http://example.com/x#:~:text=y", "example.com/x"),
        ("http://example.com/x#xtor=y", "example.com/x"),
    ],
)
def test_fragments_are_no_addresses_but_for_hashbangs(url: str, key: str) -> None:
    """UR-15, UR-16: feeds whose links differ by nothing else are for ``normalize.identity``."""
    assert match_key(url) == key


@pytest.mark.parametrize(
    "raw",
    [
        *("javascript:alert(1)", "tag:example.org,2024:1", "http://a..b/", "http://☃.net/", "http://xn--/x"),
        *("http://a.com:99999/", "http://a.com:abc/", "http://a.com\\@b.com/", "http://a.com/%00", "//host/x", ""),
        f"http://example.com/{'x' * 10_000}",
    ],
)
def test_what_is_no_web_address_is_its_own_key(raw: str) -> None:
    """UR-26, UR-29, UR-32, UR-33, UR-36, UR-37: its entry is kept, and known by something else."""
    assert match_key(f" {raw} ") == raw
    traced = trace(raw)
    assert (traced.source, traced.key, traced.steps) == (None, raw, ())
    assert re.search(r"\(UR-\d\d", traced.refused or "")


@pytest.mark.parametrize(
    "name",
    [
        *("utm_source", "UTM_Campaign", "%75tm_source", "fbclid", "gclid", "dclid", "gbraid", "wbraid", "srsltid"),
        *("msclkid", "twclid", "yclid", "ysclid", "_openstat", "mc_cid", "mc_eid", "mkt_tok", "_hsenc", "_hsmi"),
        *("__hstc", "__hssc", "__hsfp", "hsa_cam", "vero_id", "oly_enc_id", "itm_source", "hmb_x", "mtm_x", "pk_x"),
        *("_bhlid", "wickedid", "rb_clickid", "igshid", "cmpid", "__twitter_impression"),
    ],
)
def test_trackers_tell_no_stories_apart(name: str) -> None:
    """UR-11."""
    assert match_key(f"https://example.com/x?{name}=1&id=2") == "example.com/x?id=2"


@pytest.mark.parametrize(
    "name",
    [
        *("source", "campaign_id", "sid", "cid", "s", "id", "p", "v", "article", "uid", "keyword", "session"),
        *("gallery", "game", "reference", "ref", "utm", "page", "xutm_source"),
    ],
)
def test_parameters_that_may_name_a_story_tell_them_apart(name: str) -> None:
    """UR-13, UR-14."""
    assert match_key(f"https://example.com/x?{name}=12") != match_key(f"https://example.com/x?{name}=13")


def test_ref_goes_only_where_it_names_the_site() -> None:
    """UR-12."""
    assert match_key("https://blog.example/x?ref=blog.example") == "blog.example/x"
    assert (
        match_key("https://blog.example/x?ref=www.site.example", sites=frozenset({"site.example"})) == "blog.example/x"
    )
    assert match_key("https://blog.example/x?ref=other.example") == "blog.example/x?ref=other.example"


def test_http_and_https_are_one_story() -> None:
    """DD-11."""
    assert match_key("http://example.com/x") == match_key("https://www.example.com/x/")


def test_rules_are_versioned_and_named() -> None:
    """UR-39."""
    rules = (*RULES, *QUERY_RULES)
    assert RULES_VERSION >= 2
    assert len({rule.name for rule in rules}) == len(rules)
    assert all(re.fullmatch(r"UR-\d\d(, UR-\d\d)*", rule.cases) for rule in rules)


def test_a_trace_tells_each_rule_that_changed_something_in_order() -> None:
    traced = trace(" https://www.example.com/x/?utm_source=a&b=1#c ")
    assert traced.source == "https://www.example.com/x/?utm_source=a&b=1#c"
    assert [step.rule.split()[0] for step in traced.steps] == ["link", "no", "host", "trailing", "fragment", "tracking"]
    assert traced.steps[-1].after == traced.key == "example.com/x?b=1"
    assert all(one.after == next_.before for one, next_ in pairwise(traced.steps))


def test_a_key_may_be_longer_than_any_url() -> None:
    """UR-36: then it is the key of no URL but those that it was made of."""
    key = match_key("https://example.com/" + "ß" * 1000)
    assert len(key) > 4096
    assert match_key(f"https://{key}") == f"https://{key}"


@given(st.text())
def test_anything_has_a_key(url: str) -> None:
    """UR-38: never raises, and once is enough."""
    assert match_key(match_key(url)) == match_key(url)


TAILS = st.text(alphabet="abAMP%2eE5/.?&=;+#!~üindex.html-_ jsessionid", max_size=60)
PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "/",
                "//",
                "/..",
                "/.",
                "%2e",
                "%2F",
                ";jsessionid=1",
                "/amp",
                "/index.html",
                "?",
                "&",
                "&amp;",
                "amp;",
                "=",
            ),
            *(
                "amp=%31",
                "outputType=amp",
                "utm_source=1",
                "%75tm_x",
                "PHPSESSID",
                "ref=",
                "example.com",
                "+",
                "%",
                "#",
            ),
            *("#!", "ü", "B", "a", "z", "%C3", ":", "@", "[", "'", "|"),
        ]
    ),
    max_size=12,
).map("".join)


@given(st.one_of(TAILS, PIECES))
def test_the_key_of_a_key_is_the_key(tail: str) -> None:
    """UR-38."""
    key = match_key("http://www.example.com/" + tail)
    if "://" not in key:
        assert match_key("https://" + key) == key


@given(st.one_of(st.text(), TAILS.map("http://www.example.com/".__add__), PIECES.map("https://m.example.com/".__add__)))
def test_a_trace_ends_in_the_key(url: str) -> None:
    traced = trace(url)
    assert traced.key == match_key(url)
    assert (traced.source is None) == (traced.refused is not None)
