"""Enrichers of the operator's own, whatever they do."""

from pathlib import Path

import pytest

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.enrich.contract import trials
from aggregator.enrich.custom import CustomEnrichers, EnricherError, Story, call, resolve
from aggregator.model import CustomEnricher, Digest
from tests.digest.test_pipeline import NOW
from tests.e2e.project import Project
from tests.e2e.site import Answer, serving
from tests.stories import rss, story

STORY = Story(
    title="Ferry",
    text="The ferry sails.",
    summary="",
    lang="en",
    url="https://x.example/1",
    published_at=NOW,
    topics=(),
    entities=(),
)


def named(function: str) -> CustomEnricher:
    return CustomEnricher(name=function, call=f"tests.enrich.newsroom:{function}")


def test_what_an_enricher_finds_is_kept_under_its_name() -> None:
    found = CustomEnrichers([named("words"), named("nothing")]).of(STORY)
    assert found == {"words": {"words": 3, "lang": "en", "at": "2026-06-24T12:00:00+00:00"}}


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("fails", "ZeroDivisionError('Ferry')"),
        ("leaves", "SystemExit(3)"),
        ("hangs", "it took longer than 1 s"),
        ("large", "bytes of JSON, more than 4096"),
        ("no_mapping", "expected a mapping, got list"),
        ("no_json", "not JSON serializable"),
        ("is_not_there", "cannot be loaded"),
        ("_CALLS", "is no function"),
    ],
)
def test_a_failure_loses_its_own_result_and_is_told(function: str, reason: str) -> None:
    enrichers = CustomEnrichers([named(function), named("words")])
    assert list(enrichers.of(STORY)) == ["words"]
    (failure,) = enrichers.failures
    assert (failure.name, failure.times) == (function, 1)
    assert reason in failure.message


def test_a_module_that_is_not_there_is_no_end_of_anything() -> None:
    with pytest.raises(EnricherError, match="cannot be loaded"):
        resolve("no.such.module:function")


def test_one_that_fails_again_and_again_is_left_alone_for_the_rest_of_a_document() -> None:
    enrichers = CustomEnrichers([named("fails")])
    for _ in range(10):
        enrichers.of(STORY)
    (failure,) = enrichers.failures
    assert failure.times == 3


def test_a_digest_has_every_record_whatever_the_enrichers_do() -> None:
    job = DigestJob(
        feed_url="https://x.example/feed",
        url="https://x.example/feed",
        body=rss([story(1), story(2)]).encode(),
        content_type=None,
        now=NOW,
        known={},
        link_identity=False,
        enabled=frozenset(),
        custom=(named("words"), named("fails")),
    )
    result = digest(job)
    assert isinstance(result, Digest)
    assert [list(draft.details["custom"]) for draft in result.drafts] == [["words"], ["words"]]  # type: ignore[call-overload]
    assert [(each.name, each.times) for each in result.failures] == [("fails", 2)]


def test_the_contract_holds_for_one_that_behaves() -> None:
    tried = list(trials(resolve("tests.enrich.newsroom:words")))
    assert [trial.sample for trial in tried if trial.problem] == []
    assert {"empty", "huge", "right to left", "Chinese", "emoji", "hostile"} <= {trial.sample for trial in tried}


def test_the_contract_finds_one_that_finds_something_else_every_time() -> None:
    assert all(trial.problem for trial in trials(resolve("tests.enrich.newsroom:fickle")))


def test_what_comes_back_is_plain_json() -> None:
    assert call(lambda _: {"at": NOW, "none": float("nan")}, STORY) == {"at": NOW.isoformat(), "none": None}


def test_an_enricher_of_a_configuration_is_in_the_envelope(tmp_path: Path) -> None:
    """And a failure is in the log, not in the way."""
    custom = "".join(
        f'[[enrich.custom]]\nname = "{name}"\ncall = "tests.enrich.newsroom:{name}"\n' for name in ("words", "fails")
    )
    with serving() as site:
        site.answers["/feed"] = Answer.feed(rss([story(1, body="Three short words.")]))
        project = Project(tmp_path, [site.url("/feed")], more=custom)
        assert "fails failed 1 time: ZeroDivisionError" in project.run("poll").stderr
        assert '"custom":{"words":{"words":3,' in project.run("export", "--changes").stdout
        checked = project.run("enrich", "check", status=1)
        assert "fails\tempty\t" in checked.stdout
        assert "ZeroDivisionError" in checked.stdout
        assert "all texts went well" in project.run("enrich", "check", "words").stdout
        project.run("enrich", "check", "nothing", status=64)
