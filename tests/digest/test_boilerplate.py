"""Boilerplate rules of the operator's own, from their file to drafts."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest, Draft
from aggregator.text.boilerplate import boilerplate, rules_of

BODY = "<p>The ferry sails again.</p>"
POST = "<p>The post Ferries appeared first on Harbour News.</p>"
OWN = """
[[text]]
name = "harbour-office"
at = "end"
from = "body"
patterns = ['a service of the harbour office of {words}']
[[image]]
name = "counter"
patterns = ['https?://count[.]harbour[.]example/']
"""


def read(content: str, rules: Path | None) -> Draft:
    """Digest a document of one entry."""
    item = f"<item><title>Ferries</title><guid>1</guid><description><![CDATA[{content}]]></description></item>"
    job = DigestJob(
        feed_url="https://x.example/feed",
        url="https://x.example/feed",
        body=f"<rss version='2.0'><channel><title>X</title>{item}</channel></rss>".encode(),
        content_type=None,
        now=datetime(2026, 6, 24, tzinfo=UTC),
        known={},
        link_identity=False,
        enabled=frozenset(),
        boilerplate=rules,
    )
    result = digest(job)
    assert isinstance(result, Digest)
    [draft] = result.drafts
    return draft


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    return path


def test_own_rules_are_added_to_the_shipped_ones(rules: Path) -> None:
    own = "<p>A service of the harbour office of Quaytown.</p>"
    draft = read(f'{BODY}<img src="https://count.harbour.example/1.gif">{own}{POST}', rules)
    assert draft.body_md == "The ferry sails again."
    assert draft.details["boilerplate"] == {"counter": 1, "harbour-office": 1, "appeared-first": 1}
    assert "harbour office" in read(BODY + own, None).body_md


def test_own_rules_may_stand_alone(rules: Path) -> None:
    rules.write_text("shipped = false\n" + OWN)
    draft = read(f"{BODY}{POST}", rules)
    assert draft.body_md.endswith("appeared first on Harbour News.")
    assert "boilerplate" not in draft.details


def test_a_file_without_rules_takes_nothing_out(tmp_path: Path) -> None:
    path = tmp_path / "none.toml"
    path.write_text("shipped = false\n")
    assert read(f'{BODY}<p>Share this:</p><img src="https://x.example/a.png">{POST}', path).body_md.count("\n\n") == 3
    assert boilerplate("Read more\n\nRead more", path) == ()


def test_an_own_rule_stands_for_a_shipped_one_of_its_name(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("[[text]]\nname = 'appeared-first'\nat = 'end'\npatterns = ['so says {words}']\n")
    assert [rule["at"] for rule in rules_of("text", path) if rule["name"] == "appeared-first"] == ["end"]
    assert read(f"{BODY}{POST}", path).body_md.endswith("Harbour News.")


def test_lines_are_known_where_no_rule_is_about_ends(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("shipped = false\n[[text]]\nname = 'gull'\nat = 'line'\nfrom = 'body'\npatterns = ['gull']\n")
    assert read("<p>One.</p><p>Gull</p><p>Two.</p>", path).details["boilerplate"] == {"gull": 1}
