"""What becomes of an entry with what came of its page; pure."""

from dataclasses import replace
from datetime import UTC, datetime

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest, FullText, Missed, Page
from tests.e2e.site import item, rss

LINK = "https://site.example/1"
JOB = DigestJob(
    feed_url="https://site.example/feed",
    url="https://site.example/feed",
    body=rss(item(LINK, guid="1")).encode(),
    content_type=None,
    now=datetime(2026, 6, 24, tzinfo=UTC),
    known={},
    link_identity=False,
    enabled=frozenset({"summary"}),
    full_text=FullText(),
)
WHOLE = Page(
    url=f"{LINK}?x", markup='<p>It happened <a href="/2">twice</a> on Monday.</p>', text="It happened twice on Monday."
)
TROUBLE = Missed(reason="HTTP 500", temporary=True)


def read(job: DigestJob) -> Digest:
    done = digest(job)
    assert isinstance(done, Digest)
    return done


def known_after(done: Digest) -> dict[bytes, bytes]:
    return {draft.identity.guid_hash: draft.entry_hash for draft in done.drafts}


def test_pages_are_named_only_where_they_are_wanted() -> None:
    assert read(JOB).pages == (LINK,)
    assert read(replace(JOB, full_text=None)).pages == ()
    assert read(replace(JOB, known=known_after(read(JOB)))).pages == ()


def test_a_link_that_is_no_entrys_own_is_not_named() -> None:
    """One that two share, and the front page."""
    items = [item(LINK, guid="1"), item(LINK, guid="2", title="Another"), item("https://site.example/", guid="3")]
    assert read(replace(JOB, body=rss(*items).encode())).pages == ()


def test_the_body_is_the_pages_and_the_identity_is_the_feeds() -> None:
    (before,) = read(JOB).drafts
    done = read(replace(JOB, pages={LINK: WHOLE}))
    (draft,) = done.drafts
    assert (draft.identity, draft.slug, draft.entry_hash) == (before.identity, before.slug, before.entry_hash)
    assert draft.body_md == "It happened [twice](https://site.example/2) on Monday."
    assert draft.content_hash != before.content_hash
    assert draft.details["page"] == {"url": f"{LINK}?x", "result": "read"}
    provenance = draft.details["provenance"]
    assert isinstance(provenance, dict)
    assert (provenance["body_md"], provenance["summary"].partition("+")[0]) == ("page", "rules/1")
    assert (done.pages_read, done.pages_missed, done.pages_waiting) == (1, 0, 0)


def test_what_a_page_does_not_give_the_feed_does() -> None:
    (before,) = read(JOB).drafts
    for missed in (Missed(reason="paywall"), replace(WHOLE, markup="<p>It.</p>", text="It.")):
        done = read(replace(JOB, pages={LINK: missed}))
        (draft,) = done.drafts
        assert (draft.body_md, draft.entry_hash, draft.lacks_page) == (before.body_md, before.entry_hash, False)
        assert done.pages_waiting == 0


def test_a_page_is_tried_three_times_and_then_let_be() -> None:
    """And what had no turn is not counted as a try."""
    known: dict[bytes, bytes] = {}
    waiting = []
    for missed in (TROUBLE, replace(TROUBLE, asked=False), TROUBLE, TROUBLE):
        assert read(replace(JOB, known=known)).pages == (LINK,)
        done = read(replace(JOB, known=known, pages={LINK: missed}))
        waiting.append(done.pages_waiting)
        known = known_after(done)
    assert waiting == [1, 1, 1, 0]
    assert read(replace(JOB, known=known)).pages == ()


def test_an_edit_begins_anew() -> None:
    known = known_after(read(replace(JOB, pages={LINK: TROUBLE})))
    edited = replace(JOB, known=known, body=rss(item(LINK, guid="1", body="It happened again.")).encode())
    assert read(replace(edited, pages={LINK: WHOLE})).pages_read == 1
