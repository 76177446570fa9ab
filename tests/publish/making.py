"""Records and changes for tests of outputs."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from aggregator.model import Change, Origin, Record, RecordId, Seq, Sighting
from aggregator.text.plain import clean_text, one_line

BASE = "https://news.example"
NOW = datetime(2026, 6, 24, 23, 59, tzinfo=UTC)

_TEXT = st.text(alphabet=st.characters(codec=None)) | st.sampled_from(["a\u2028b\u2029c\u0085d", "=1+1", 'a "b"\n,c'])
_MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
RECORDS = st.builds(
    Record,
    id=st.just(RecordId(1)),
    slug=st.from_regex("[a-z0-9]{1,20}(-[a-z0-9]{1,20}){0,3}", fullmatch=True),
    title=_TEXT.map(one_line),
    summary=_TEXT.map(one_line),
    body_md=_TEXT.map(clean_text),
    canonical_source=_TEXT.map(lambda text: f"https://x.example/{one_line(text)}"),
    published_at=st.none() | _MOMENTS,
    updated_at=_MOMENTS,
    lang=st.none() | st.sampled_from(["en", "zh-Hans"]),
    topics=st.lists(st.sampled_from(["transport", "news"]), unique=True).map(tuple),
    entities=st.lists(_TEXT.map(one_line)).map(tuple),
)


def a_record(number: int = 1, at: datetime = NOW) -> Record:
    """Return a record."""
    return Record(
        id=RecordId(number),
        slug=f"story-{number}",
        title=f"Story {number}",
        summary="",
        body_md="",
        canonical_source=f"https://x.example/{number}",
        published_at=None,
        updated_at=at,
        lang=None,
        topics=(),
        entities=(),
    )


def a_change(seq: int, at: datetime = NOW) -> Change:
    """Return a change about a record of its own."""
    return Change(
        seq=Seq(seq),
        kind="new",
        at=at,
        revision=1,
        record=a_record(seq, at),
        feed=Origin(url="https://user:secret@x.example/feed", name="X", title="The X"),
        sighting=Sighting(guid=f"g{seq}", link=f"https://x.example/{seq}", first_seen=at, date_flags=("tz_guessed",)),
        flags=("hidden_text",),
        provenance={"lang": "model/1"},
        entity_kinds={"Ann Otter": "person"},
    )


def a_gap(seq: int, at: datetime = NOW) -> Change:
    """Return a change without a record."""
    return Change(seq=Seq(seq), kind="gap", at=at, revision=None, record=None, detail={"missed": 3})
