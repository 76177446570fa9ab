"""From bytes to drafts."""

from collections.abc import Mapping
from datetime import UTC, datetime

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest

NOW = datetime(2026, 6, 24, 12, tzinfo=UTC)
DATES = {
    "a": "Wed, 24 Jun 2026 11:00:00 GMT",
    "b": "Tue, 23 Jun 2026 11:00:00 GMT",
    "guessed": "2026-06-23 11:00",
    "future": "Thu, 25 Jun 2037 11:00 GMT",
    "late": "Thu, 25 Jun 2026 11:00 GMT",
}


def read(
    *entries: str, known: Mapping[bytes, bytes] | None = None, channel: str = "", link: str | None = None
) -> Digest:
    """Digest an RSS document of entries with these guids."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{guid}</title><link>{link or f'https://x.example/{guid}'}</link>"
        + (f"<pubDate>{DATES[guid]}</pubDate>" if guid in DATES else "")
        + "</item>"
        for guid in entries
    )
    job = DigestJob(
        feed_url="https://x.example/feed",
        url="https://x.example/feed",
        body=f"<rss version='2.0'><channel><title>X</title>{channel}{items}</channel></rss>".encode(),
        content_type=None,
        now=NOW,
        known=known or {},
        link_identity=False,
        enabled=frozenset(),
    )
    result = digest(job)
    assert isinstance(result, Digest)
    return result


def window(result: Digest) -> dict[bytes, bytes]:
    """Return what the store would remember of a document."""
    return {draft.identity.guid_hash: draft.entry_hash for draft in result.drafts}


def test_dates_are_newest_first_and_none_is_of_the_future() -> None:
    """SC-34: what the rhythm is read from."""
    assert read("b", "late", "undated", "a").dates == (NOW.replace(hour=11), NOW.replace(day=23, hour=11))


def test_a_date_of_the_document_leaves_no_entry_out() -> None:
    """DT-30: whatever it says, entries are known by themselves."""
    known = window(read("a", "b"))
    for date in ("Thu, 01 Jan 1998 00:00:00 GMT", "Thu, 01 Jan 2099 00:00:00 GMT", DATES["a"]):
        stated = f"<lastBuildDate>{date}</lastBuildDate><pubDate>{date}</pubDate>"
        later = read("a", "b", "c", known=known, channel=stated)
        assert [draft.identity.guid for draft in later.drafts] == ["c"]


def test_what_was_guessed_travels_beside_the_record() -> None:
    """DT-01, DT-22, DT-25, DT-32, UR-22, UR-23: with the date as the feed wrote it."""
    (guessed,) = read("guessed").drafts
    (future,) = read("future").drafts
    (undated,) = read("undated").drafts
    assert guessed.published_at == datetime(2026, 6, 23, 11, tzinfo=UTC)
    assert guessed.details["date_flags"] == ("tz_guessed",)
    assert (future.published_at, future.details["date_flags"]) == (None, ("future",))
    assert future.details["published_raw"] == DATES["future"]
    assert (undated.published_at, undated.details["date_flags"]) == (None, ("missing",))
    assert "unresolved" not in undated.details
    (proxied,) = read("x", link="http://feedproxy.google.com/~r/x/~3/y/").drafts
    assert proxied.details["unresolved"] is True


def test_a_digest_tells_how_much_of_the_last_document_is_left() -> None:
    """SC-33: entries count by their identity, changed or not."""
    known = window(read("a", "b", "c"))
    assert (read("a", "b", "c").expected, read("a", "b", "c").met) == (0, 0)
    later = read("d", "c", "c", known=known)
    assert (later.expected, later.met, len(later.drafts), len(later.known)) == (3, 1, 1, 1)
    edited = read("c", "d", known=dict.fromkeys(known, b"other"))
    assert (edited.met, len(edited.drafts)) == (1, 2)
    assert read("e", "f", known=known).met == 0


def test_what_was_taken_out_of_a_text_and_what_it_hides_are_details() -> None:
    body = "&lt;p hidden&gt;x&lt;/p&gt;&lt;p&gt;Words.&lt;/p&gt;&lt;p&gt;The post A appeared first on B.&lt;/p&gt;"
    item = f"<item><guid>z</guid><title>Z</title><description>{body}</description></item>"
    draft, plain = read("a", channel=item).drafts
    assert (draft.body_md, draft.details["flags"]) == ("Words.", ("hidden_text",))
    assert draft.details["boilerplate"] == {"appeared-first": 1}
    assert not {"flags", "boilerplate"} & plain.details.keys()
