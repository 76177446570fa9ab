"""Which links are the same story."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.url.clean import RULES, RULES_VERSION, match_key

CORPUS = Path(__file__).parents[2] / "../shared/corpus/urls"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("HTTP://Example.COM:80/a", "example.com/a"),  # UR-01
        ("https://example.com", "example.com"),  # UR-02
        ("https://example.com:443/?", "example.com"),  # UR-10
        ("http://example.com:8080/", "example.com:8080"),
        ("http://example.com/a/../b/./c", "example.com/b/c"),  # UR-03
        ("http://example.com/a//b", "example.com/a/b"),  # UR-04
        ("http://example.com/%7Efoo/%e4", "example.com/~foo/%E4"),  # UR-05
        ("http://example.com/a%2Fb", "example.com/a%2Fb"),  # UR-06
        ("http://example.com/a+b", "example.com/a+b"),  # UR-07
        ("http://example.com/?q=a+b", "example.com?q=a%20b"),  # UR-08
        ("http://example.com/x?b=2&a=1&b=1", "example.com/x?a=1&b=2&b=1"),  # UR-09
        ("http://example.com/x?a=", "example.com/x?a="),  # UR-10
        ("http://example.com/x?a", "example.com/x?a"),
        ("http://example.com/x#y", "example.com/x"),  # UR-15
        ("http://example.com/x#!/y", "example.com/x#!/y"),
        ("http://example.com/x#:~:text=y", "example.com/x"),  # UR-16
        ("http://example.com/x/", "example.com/x"),  # UR-17
        ("http://example.com/x/index.html", "example.com/x"),  # UR-18
        ("http://www.m.example.com/", "example.com"),  # UR-19
        ("http://news.example.com/", "news.example.com"),
        ("http://www.com/", "www.com"),
        ("http://example.com/x/amp/", "example.com/x"),
        ("http://example.com/amp", "example.com/amp"),
        ("http://example.com/x?amp=1&outputType=amp", "example.com/x"),
        ("https://www-x-org.cdn.ampproject.org/c/s/www.x.org/a", "x.org/a"),  # UR-20
        ("https://www.google.com/amp/s/www.x.org/a", "x.org/a"),
        ("https://news.google.com/rss/articles/CBMi?oc=5", "news.google.com/rss/articles/CBMi?oc=5"),  # UR-22
        ("http://BÜCHER.example/ü", "xn--bcher-kva.example/%C3%BC"),  # UR-24
        ("http://faß.de/", "xn--fa-hia.de"),  # UR-25
        ("http://example.com./x", "example.com/x"),  # UR-27
        ("http://u:p@example.com/x", "example.com/x"),  # UR-28
        ("http://example.com/x?a=1&amp;b=2", "example.com/x?a=1&b=2"),  # UR-31
        ("http://example.com/%zz%", "example.com/%25zz%25"),  # UR-37
        ("http://example.com/x;jsessionid=12?PHPSESSID=2&jsessionid=3", "example.com/x"),  # UR-40
        ("javascript:alert(1)", "javascript:alert(1)"),  # what is no web address is its own key
        (" tag:example.org,2024:1 ", "tag:example.org,2024:1"),
    ],
)
def test_the_key_leaves_out_what_varies_between_copies(url: str, key: str) -> None:
    """UR-01…40."""
    assert match_key(url) == key


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


@pytest.mark.parametrize(
    "wrapped",
    [
        "https://www.google.com/url?q={}&sa=D",
        "https://www.google.de/url?url={}",
        "https://l.facebook.com/l.php?u={}&h=AT0",
        "https://www.youtube.com/redirect?q={}",
        "https://out.reddit.com/?url={}",
        "https://vk.com/away.php?to={}",
        "https://steamcommunity.com/linkfilter/?url={}",
    ],
)
def test_redirectors_are_unwrapped_once(wrapped: str) -> None:
    """UR-21."""
    target = "https%3A%2F%2Fwww.x.example%2Fa%3Futm_source%3D1%26id%3D2"
    assert match_key(wrapped.format(target)) == "x.example/a?id=2"
    assert match_key(wrapped.format("javascript%3Aalert(1)")).startswith(match_key(wrapped.format("")).split("?")[0])
    assert "google.com/url" in match_key(wrapped.format("https%3A%2F%2Fgoogle.com%2Furl%3Fq%3Dhttps%3A%2F%2Fx.example"))


def test_http_and_https_are_one_story() -> None:
    """DD-11."""
    assert match_key("http://example.com/x") == match_key("https://www.example.com/x/")


def test_a_feed_whose_links_differ_by_fragment_may_keep_it() -> None:
    """UR-15, UR-16."""
    assert match_key("https://example.com/now#may", keep_fragment=True) == "example.com/now#may"
    assert match_key("https://example.com/now#utm_source=x", keep_fragment=True) == "example.com/now"


def test_rules_are_versioned_and_named() -> None:
    """UR-39."""
    assert RULES_VERSION >= 1
    assert len({name for name, _ in RULES}) == len(RULES)


def test_a_key_may_be_longer_than_any_url() -> None:
    """UR-36: then it is the key of no URL but those that it was made of."""
    key = match_key("https://example.com/" + "ß" * 1000)
    assert len(key) > 4096
    assert match_key(f"https://{key}") == f"https://{key}"


@given(st.text())
def test_anything_has_a_key(url: str) -> None:
    """UR-38."""
    assert match_key(match_key(url)) == match_key(url)


@given(st.text(alphabet="abAMP%2eE5/.?&=;+#!~üindex.html-_ jsessionid", max_size=60))
def test_the_key_of_a_key_is_the_key(tail: str) -> None:
    """UR-38."""
    key = match_key("http://www.example.com/" + tail)
    if "://" not in key:
        assert match_key("https://" + key) == key


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the test corpus is not beside this checkout")
def test_cleaned_urls_of_another_cleaner_have_the_key_of_the_original() -> None:
    for line in (CORPUS / "miniflux-urlcleaner.jsonl").read_text("utf-8").splitlines():
        vector = json.loads(line)
        hosts = (urlsplit(vector.get(name, "")).hostname for name in ("baseURL", "feedURL"))
        sites = frozenset(host for host in hosts if host)
        assert match_key(vector["input"], sites=sites) == match_key(vector["expected"], sites=sites), vector


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the test corpus is not beside this checkout")
def test_dot_segments_are_resolved_as_elsewhere() -> None:
    vectors = json.loads((CORPUS / "urlcanon/path_dots.json").read_text("utf-8"))["special"]
    for path, resolved in vectors.items():
        if "\\" not in path:
            assert match_key("http://example.com" + path) == match_key("http://example.com" + resolved)
