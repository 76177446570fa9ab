"""What is packed is read again as it was."""

from dataclasses import fields, replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from aggregator.digest.job import Body, DigestJob
from aggregator.digest.raw import Manner, packed, unpacked
from aggregator.model import FullText, Missed, Page

JOB = DigestJob(
    feed_url="https://site.example/feed",
    url="https://site.example/feed",
    body=b"",
    content_type=None,
    now=datetime(2026, 6, 24, 1, 2, 3, 4, tzinfo=UTC),
    known={},
    link_identity=False,
    enabled=frozenset(),
)
TEXT = st.text(st.characters(codec=None, categories=None))  # lone surrogates too: a page may hold anything
BODIES = st.builds(Body, url=TEXT, body=st.binary(), content_type=st.none() | TEXT)


def again(job: DigestJob) -> DigestJob:
    """Pack and unpack, by the same settings."""
    manner = Manner(enabled=job.enabled, vocabulary=job.vocabulary, rules=job.rules, custom=job.custom)
    return unpacked(packed(job), manner, feed_url=job.feed_url, feed_name=job.feed_name, known=job.known)


@given(BODIES, st.lists(BODIES, max_size=3), st.booleans(), st.dictionaries(TEXT, TEXT, max_size=3))
def test_documents_parts_and_pages_come_back(
    body: Body, parts: list[Body], link_identity: bool, pages: dict[str, str]
) -> None:
    """Whatever bytes and addresses they have."""
    job = replace(
        JOB,
        url=body.url,
        body=body.body,
        content_type=body.content_type,
        link_identity=link_identity,
        parts=tuple(parts),
        pages={asked: Page(url=asked, markup=text, text=text) for asked, text in pages.items()} or None,
    )
    assert again(job) == job


def test_pages_that_gave_nothing_and_what_is_known_are_not_kept() -> None:
    """The entries of such pages are read from the feed, as they were."""
    job = replace(JOB, full_text=FullText(), pages={"https://site.example/1": Missed(reason="paywall")})
    assert again(job) == JOB


def test_every_field_of_a_job_is_packed_or_looked_up_anew() -> None:
    """Who adds one decides which: read without it, a document would reword records that nothing has changed for."""
    packed_ones = {"url", "body", "content_type", "now", "link_identity", "parts", "pages"}
    of_feed = {"feed_url", "feed_name", "known"}
    of_settings = {field.name for field in fields(Manner)}
    for_polling = {"full_text"}  # which pages to ask for
    assert {field.name for field in fields(DigestJob)} == packed_ones | of_feed | of_settings | for_polling


def test_what_repeats_takes_little_room() -> None:
    """A feed of 100 kB of markup."""
    assert len(packed(replace(JOB, body=b"<item><title>A story</title></item>" * 3000))) < 1000
