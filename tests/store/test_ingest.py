"""What feeds say, as it arrives in columns."""

import json
import sqlite3
from pathlib import Path

from aggregator.digest.job import DigestJob
from aggregator.digest.pipeline import digest
from aggregator.model import Digest
from tests.store.factory import NOW, a_digest, a_draft, a_store, poll

URL = "https://a.example/feed"
NASTY = "a\x00b\ud800c\U0010ffff"


def a_document(**fields: object) -> bytes:
    """Return a JSON Feed of one item."""
    item = {"id": NASTY, "url": "https://x.example/1", "title": NASTY, "content_text": NASTY, **fields}
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": NASTY, "items": [item]}).encode()


def read(body: bytes) -> Digest:
    """Digest a document."""
    job = DigestJob(
        feed_url=URL,
        url=URL,
        body=body,
        content_type=None,
        now=NOW,
        known={},
        link_identity=False,
        enabled=frozenset(),
    )
    result = digest(job)
    assert isinstance(result, Digest)
    return result


def test_what_sqlite_cannot_take_does_not_reach_it(tmp_path: Path) -> None:
    """SQ-18, SQ-19, SQ-20: NUL, half a surrogate, and numbers beyond 64 bits, in every place that takes them."""
    huge = 99999999999999999999
    body = a_document(
        authors=[{"name": NASTY}],
        tags=[NASTY],
        summary=NASTY,
        language=NASTY,
        attachments=[{"url": "https://x.example/a.mp3", "mime_type": NASTY, "size_in_bytes": huge}],
    )
    with a_store(tmp_path, URL) as store:
        assert poll(store, URL, read(body), NOW).new == 1
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type='table'")]
    values = [value for table in tables for row in connection.execute(f"SELECT * FROM {table}") for value in row]
    assert not [value for value in values if isinstance(value, str) and ("\x00" in value or "\\u0000" in value)]
    (details,) = connection.execute("SELECT details FROM records").fetchone()
    assert json.loads(details)["enclosures"][0]["length"] is None
    connection.close()


def test_keys_are_ascii_however_a_link_is_written(tmp_path: Path) -> None:
    """SQ-26: in Unicode, in Punycode or escaped; SQLite compares bytes."""
    links = ["https://b\u00fccher.example/caf\u00e9", "https://xn--bcher-kva.example/caf%c3%a9"]
    keys = [read(a_document(url=link)).drafts[0].identity.match_key for link in links]
    assert all(key.isascii() for key in keys)
    assert keys[0] == keys[1]


def test_a_document_of_any_length_is_looked_up_in_pieces(tmp_path: Path) -> None:
    """SQ-25: builds of SQLite that take 999 variables are about."""
    with a_store(tmp_path, URL) as store:
        drafts = [a_draft(f"x/{n}", title=f"Story {n}") for n in range(2500)]
        with store.work() as work:
            work.records._sql.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)  # type: ignore[attr-defined]
        assert poll(store, URL, a_digest(*drafts), NOW).new == 2500
        again = poll(store, URL, a_digest(*drafts), NOW)
        assert (again.new, again.updated) == (0, 0)
