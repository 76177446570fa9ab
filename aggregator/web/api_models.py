"""What the API gives and takes, as its description shows it."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator

from aggregator.model import ChangeKind
from aggregator.settings.feed_url import feed_url
from aggregator.settings.section import Interval

_URL = "https://news.example.org/news/ferry-returns"
RECORD: dict[str, Any] = {
    "slug": "ferry-returns",
    "title": "Ferry returns",
    "summary": "The ferry is back after eleven weeks.",
    "body_md": "The ferry is *back* after eleven weeks.",
    "url": _URL,
    "canonical_source": "https://herald.example.com/2026/ferry",
    "published_at": "2026-03-02 07:30:00+00:00",
    "updated_at": "2026-03-02 07:41:12.589629+00:00",
    "lang": "en",
    "topics": ["transport"],
    "entities": ["Ann Harbour"],
    "alternates": {"html": _URL, "markdown": f"{_URL}.md", "text": f"{_URL}.txt", "jsonld": f"{_URL}.jsonld"},
}
CHANGE: dict[str, Any] = {
    "seq": 4711,
    "kind": "new",
    "at": "2026-03-02 07:41:12.589629+00:00",
    "feed": {"url": "https://herald.example.com/feed", "name": "Herald", "title": "The Herald"},
    "sighting": {
        "guid": "herald-17",
        "link": "https://herald.example.com/2026/ferry",
        "first_seen": "2026-03-02 07:41:12.589629+00:00",
        "published_raw": None,
        "date_flags": [],
    },
    "revision": 1,
    "record": RECORD,
    "detail": None,
}
FEED: dict[str, Any] = {
    "id": 1,
    "url": "https://herald.example.com/feed",
    "name": "Herald",
    "state": "ok",
    "reason": None,
    "active": True,
    "records": 120,
    "last_poll_at": "2026-03-02 07:41:12.589629+00:00",
    "last_ok_at": "2026-03-02 07:41:12.589629+00:00",
    "next_poll_at": "2026-03-02 08:41:12.589629+00:00",
}


def _shown(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class Alternates(BaseModel):
    """The other forms of a record."""

    html: str
    markdown: str
    text: str
    jsonld: str


class RecordShape(BaseModel):
    """A story. Dates are UTC; what is unknown is null, never absent."""

    model_config = _shown(RECORD)

    slug: str
    title: str
    summary: str
    body_md: str
    url: str
    canonical_source: str
    published_at: str | None
    updated_at: str
    lang: str | None
    topics: list[str]
    entities: list[str]
    alternates: Alternates


class FeedOfChange(BaseModel):
    """The feed whose poll made a change; credentials in its URL are masked."""

    url: str
    name: str | None
    title: str | None


class SightingShape(BaseModel):
    """How the feed's entry told of the story."""

    guid: str | None
    link: str | None
    first_seen: str
    published_raw: str | None
    date_flags: list[str]


class ChangeShape(BaseModel):
    """One line of the change log; its record as that revision had it."""

    model_config = _shown(CHANGE)

    seq: int
    kind: ChangeKind
    at: str
    feed: FeedOfChange | None
    sighting: SightingShape | None
    revision: int | None
    record: RecordShape | None
    detail: dict[str, Any] | None


class FeedShape(BaseModel):
    """A feed and how it does; credentials in its URL are masked."""

    model_config = _shown(FEED)

    id: int
    url: str
    name: str
    state: str
    reason: str | None
    active: bool
    records: int
    last_poll_at: str | None
    last_ok_at: str | None
    next_poll_at: str | None


class Records(BaseModel):
    """A page of records. ``next`` is the ``after`` of the following page, null where there is none."""

    model_config = _shown({"records": [RECORD], "next": 4711})

    records: list[RecordShape]
    next: int | None


class Changes(BaseModel):
    """Changes in their order. ``next`` is where to go on, also when there was none."""

    model_config = _shown({"changes": [CHANGE], "next": 4711})

    changes: list[ChangeShape]
    next: int


class Feeds(BaseModel):
    """A page of feeds."""

    model_config = _shown({"feeds": [FEED], "next": None})

    feeds: list[FeedShape]
    next: int | None


class Facet(BaseModel):
    """A label that found stories have, and how many of the `total` have it. `kind:label` in `q` narrows the search to
    it; a source is said as `source:#12`.
    """

    kind: Literal["topic", "entity", "source", "lang"]
    label: str
    name: str
    records: int


class Found(BaseModel):
    """What was found, the best first; ``total`` is a thousand at most: of more, the newest are ranked and counted."""

    model_config = _shown({"records": [RECORD], "total": 1, "facets": [], "next": None})

    records: list[RecordShape]
    total: int
    facets: list[Facet]
    next: int | None


class Flaw(BaseModel):
    """A part of the request that is not as described."""

    model_config = ConfigDict(populate_by_name=True)

    where: str = Field(alias="in")
    name: str
    detail: str


class Problem(BaseModel):
    """What did not work (RFC 9457)."""

    model_config = _shown(
        {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "there is nothing at this address"}
    )

    type: str
    title: str
    status: int
    detail: str
    errors: list[Flaw] = []


# No control characters.
_Label = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")]


class NewFeed(BaseModel):
    """A feed to poll from now on."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"url": "https://herald.example.com/feed", "tags": ["news"]}]}
    )

    url: Annotated[
        str,
        PlainValidator(feed_url, json_schema_input_type=str),
        Field(json_schema_extra={"format": "uri", "maxLength": 4096}),
    ]
    name: _Label | None = None
    tags: Annotated[list[_Label], Field(max_length=100)] = []
    interval: Annotated[Interval, Field(json_schema_extra={"type": "string", "examples": ["2h"]})] | None = None


class Added(BaseModel):
    """A feed that was added."""

    model_config = _shown({"url": "https://herald.example.com/feed"})

    url: str


class ToPoll(BaseModel):
    """Which feeds to poll now: by their ids, all of them where none is named."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"feeds": [1]}]})

    feeds: Annotated[list[Annotated[int, Field(ge=1, le=2**62, strict=True)]], Field(max_length=1000)] = []
    force: Annotated[bool, Field(strict=True)] = False


class Skipped(BaseModel):
    """A feed that is not polled although it was asked for."""

    url: str
    reason: str


class Asked(BaseModel):
    """What will be polled, and what will not."""

    model_config = _shown({"feeds": [1], "skipped": []})

    feeds: list[int]
    skipped: list[Skipped]
