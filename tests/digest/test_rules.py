"""Rules inside the pipeline."""

from collections.abc import Mapping

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest, Pattern, Rule
from tests.digest.test_pipeline import NOW

DROP = Rule(name="ads", action="drop", category=Pattern(text="ads"), feed="Called this")
TAG = Rule(name="local", action="tag", tags=("Our Town",), text=Pattern(text="town"))
SHOUT = Rule(name="calm", action="rewrite", find=Pattern(text="BREAKING: "))


def read(rules: tuple[Rule, ...], known: Mapping[bytes, bytes] | None = None) -> Digest:
    """Digest a document of three entries."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title><link>https://x.example/{guid}</link>"
        f"<category>{category}</category><description>In &lt;b&gt;town&lt;/b&gt;.</description></item>"
        for guid, title, category in (("a", "BREAKING: One", "news"), ("b", "Two", "ADS"), ("c", "Three", "sport"))
    )
    job = DigestJob(
        feed_url="https://x.example/feed",
        feed_name="Called this",
        url="https://x.example/feed",
        body=f"<rss version='2.0'><channel><title>X</title>{items}</channel></rss>".encode(),
        content_type=None,
        now=NOW,
        known=known or {},
        link_identity=False,
        enabled=frozenset(),
        rules=rules,
    )
    result = digest(job)
    assert isinstance(result, Digest)
    return result


def test_what_is_dropped_is_remembered_and_costs_nothing_again() -> None:
    """As a known entry is, by its hash."""
    first = read((DROP,))
    assert [draft.title for draft in first.drafts] == ["BREAKING: One", "Three"]
    (dropped,) = first.dropped
    again = read((DROP,), {dropped.identity.guid_hash: dropped.entry_hash})
    assert again.dropped == ()
    assert [identity.guid for identity in again.known] == ["b"]
    assert again.met == 1


def test_tags_become_topics_and_what_rules_did_is_kept() -> None:
    """A rewritten title is the record's, and its slug's; the identity is the entry's own."""
    plain, judged = read(()), read((TAG, SHOUT))
    one = judged.drafts[0]
    assert (one.title, one.slug, one.topics) == ("One", "one", ("our-town", "news"))
    assert (one.details["tags"], one.details["rules"]) == (("Our Town",), ("local", "calm"))
    assert one.identity == plain.drafts[0].identity
    assert one.entry_hash == plain.drafts[0].entry_hash
    assert "rules" not in plain.drafts[0].details
