"""Feeds of the site: of everything, of a label, of a search; each in every format."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from aggregator.model import FeedId, Record
from aggregator.publish.channel import Channel, Syndication
from aggregator.publish.syndication import SYNDICATIONS
from aggregator.store.browsing import Shelf, ShelfKind
from aggregator.store.contract import Work
from aggregator.store.query import parse_query
from aggregator.web.answers import Page, answer
from aggregator.web.failures import failure
from aggregator.web.languages import language_name
from aggregator.web.site import Site, site_of

router = APIRouter(include_in_schema=False)

_STORIES = 40
_MOST_FEED = 2**62
_FORMATS = {form.suffix.removeprefix("."): form for form in SYNDICATIONS}
_KINDS: dict[str, ShelfKind] = {"topic": "topic", "entity": "entity", "source": "source", "language": "lang"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The stories of a feed, what they have in common, and where the site shows them."""

    path: str
    name: str  # "" of the feed of everything
    records: tuple[Record, ...]
    lang: str | None = None


@router.get("/feed.{ending}")
async def everything(request: Request, ending: str) -> Response:
    """The latest stories."""
    told = await site_of(request).reading(lambda work: _Told(path="/", name="", records=_latest(work, Shelf())))
    return await _feed(request, told, ending)


@router.get("/feed/search.{ending}")
async def search(request: Request, ending: str, q: str = "") -> Response:
    """The newest stories that a search finds."""
    query = parse_query(q)

    def find(work: Work) -> _Told:
        records = work.browsing.records(work.searching.newest(query, limit=_STORIES))
        return _Told(path=f"/search?q={quote(q[:300], safe='')}", name=q[:300], records=tuple(records))

    return await _feed(request, await site_of(request).reading(find), ending)


@router.get("/feed/{kind}/{name:path}")
async def label(request: Request, kind: str, name: str) -> Response:
    """The latest stories with a label."""
    name, _, ending = name.rpartition(".")
    if kind not in _KINDS or (kind == "source" and not _is_number(name)):
        return failure(request, 404)
    told = await site_of(request).reading(lambda work: _labelled(work, kind, name))
    return failure(request, 404) if told is None else await _feed(request, told, ending)


def _labelled(work: Work, kind: str, name: str) -> _Told | None:
    records = _latest(work, Shelf(kind=_KINDS[kind], label=name))
    source = work.browsing.source(FeedId(int(name))) if kind == "source" else None
    if not records and source is None:
        return None
    names = {"source": source.name if source else name, "language": language_name(name)}
    return _Told(
        path=f"/{kind}/{quote(name, safe='')}",
        name=names.get(kind, name),
        records=records,
        lang=name if kind == "language" else None,
    )


def _latest(work: Work, shelf: Shelf) -> tuple[Record, ...]:
    stories = work.browsing.latest(shelf, before=None, limit=_STORIES)
    return tuple(work.browsing.records([story.place for story in stories]))


async def _feed(request: Request, told: _Told, ending: str) -> Response:
    site, form = site_of(request), _FORMATS.get(ending)
    if form is None:
        return failure(request, 404)
    key = ("feed", form.suffix, told.path)
    # A record's time of change is another with every revision: all that the feed says depends on these alone.
    mark = (told.name, tuple((each.id, each.updated_at) for each in told.records))
    page = site.cache.get(key, mark)
    if page is None:
        page = await site.reading.aside(lambda: _rendered(site, told, form))
        site.cache.put(key, mark, page)
    return answer(request, page)


def _rendered(site: Site, told: _Told, form: Syndication) -> Page:
    modified = max((record.updated_at for record in told.records), default=None)
    channel = Channel(
        title=f"{told.name} · {site.pages.name}" if told.name else site.pages.name,
        description="Every story once, with its origin" + (f": {told.name}" if told.name else ""),
        page_url=f"{site.base_url}{told.path}",
        feed_url=f"{site.base_url}{_feed_path(told.path, form.suffix)}",
        site_name=site.pages.name,
        base_url=site.base_url,
        updated=modified or _today(site.clock()),
        lang=told.lang,
        records=told.records,
        hubs=() if told.name else site.hubs,
    )
    return Page(content=form.render(channel), content_type=form.content_type, modified=modified)


def _feed_path(path: str, suffix: str) -> str:
    """Return where the feed of a page is."""
    page, mark, query = path.partition("?")
    return f"/feed{page.rstrip('/')}{suffix}{mark}{query}"


def _today(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and int(text) <= _MOST_FEED
