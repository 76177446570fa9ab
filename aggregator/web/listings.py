"""Lists of stories: all of them, and those of a topic, an entity, a source or a language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from fastapi import APIRouter, Request, Response

from aggregator.model import FeedId
from aggregator.store.browsing import FeedCard, Glimpse, Label, LabelKind, Place, Shelf
from aggregator.store.contract import Work
from aggregator.web import wording
from aggregator.web.answers import Page, answer
from aggregator.web.chart import charts
from aggregator.web.failures import failure
from aggregator.web.languages import language_name
from aggregator.web.site import Site, site_of
from aggregator.web.verdicts import mood_and_word

router = APIRouter(include_in_schema=False)

_A_PAGE = 30  # stories
_BESIDE = 14  # labels next to the list
_ALL_LABELS: dict[LabelKind, int] = {"topic": 80, "entity": 60, "lang": 40}  # on the page of labels
_CHARTED_DAYS = 30
_LARGEST = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    stories: Sequence[Glimpse]
    older: Place | None
    topics: Sequence[Label]
    langs: Sequence[Label]
    live_after: int | None  # the last change that the front page knows
    card: FeedCard | None = None


@router.get("/")
async def latest(request: Request, before: str = "") -> Response:
    """All stories, newest first."""
    return await _shelf(request, Shelf(), before, kicker="", title="Latest")


@router.get("/topic/{label:path}")
async def topic(request: Request, label: str, before: str = "") -> Response:
    """The stories of a topic."""
    return await _shelf(request, Shelf(kind="topic", label=label), before, kicker="Topic", title=wording.topic(label))


@router.get("/entity/{label:path}")
async def entity(request: Request, label: str, before: str = "") -> Response:
    """The stories that mention somebody or something."""
    return await _shelf(request, Shelf(kind="entity", label=label), before, kicker="Mentioned", title=label)


@router.get("/language/{label}")
async def language(request: Request, label: str, before: str = "") -> Response:
    """The stories in a language."""
    shelf = Shelf(kind="lang", label=label)
    return await _shelf(request, shelf, before, kicker="Language", title=language_name(label))


@router.get("/source/{label}")
async def source(request: Request, label: str, before: str = "") -> Response:
    """The stories that a feed carries, and how the feed is doing."""
    if not label.isascii() or not label.isdecimal() or int(label) > _LARGEST:
        return failure(request, 404)
    return await _shelf(request, Shelf(kind="source", label=str(int(label))), before, kicker="Source", title="")


@router.get("/topics")
async def labels(request: Request) -> Response:
    """Everything that stories are sorted by."""
    site = site_of(request)
    found = await site.reading(
        lambda work: [work.browsing.labels(kind, limit=most) for kind, most in _ALL_LABELS.items()]
    )
    content = site.pages.render("labels.html", topics=found[0], entities=found[1], langs=found[2])
    return answer(request, Page(content=content))


async def _shelf(request: Request, shelf: Shelf, before: str, *, kicker: str, title: str) -> Response:
    site, place = site_of(request), _place(before)
    found = await site.reading(lambda work: _listed(work, shelf, place, site.clock()))
    is_unknown = not found.stories and place is None and shelf.kind != "all"
    if (is_unknown and found.card is None) or (before and place is None):
        return failure(request, 404)
    name = found.card.source.name if found.card else title
    content = await site.reading.aside(lambda: _content(site, found, shelf=shelf, kicker=kicker, title=name))
    return answer(request, Page(content=content))


def _listed(work: Work, shelf: Shelf, place: Place | None, now: datetime) -> _Listed:
    live_after = work.log.last() if shelf.kind == "all" and place is None else None
    stories = work.browsing.latest(shelf, before=place, limit=_A_PAGE + 1)
    card = None
    if shelf.kind == "source":
        card = work.browsing.feed(FeedId(int(shelf.label)), since=now - timedelta(days=_CHARTED_DAYS))
    return _Listed(
        stories=stories[:_A_PAGE],
        older=stories[_A_PAGE - 1].place if len(stories) > _A_PAGE else None,
        topics=work.browsing.labels("topic", limit=_BESIDE),
        langs=work.browsing.labels("lang", limit=_BESIDE),
        live_after=live_after,
        card=card,
    )


def _content(site: Site, found: _Listed, *, shelf: Shelf, kicker: str, title: str) -> bytes:
    now = site.clock()
    today = now.date()
    return site.pages.render(
        "list.html",
        shelf=shelf,
        kicker=kicker,
        title=title,
        days=[(_day_name(day, today), day, tuple(group)) for day, group in groupby(found.stories, key=_day)],
        older=found.older and f"{found.older.told}-{found.older.number}",
        topics=found.topics,
        langs=found.langs,
        live_after=found.live_after,
        card=found.card,
        told=found.card and mood_and_word(found.card, now),
        charts=found.card and charts(found.card.days, today, last=_CHARTED_DAYS),
    )


def _place(text: str) -> Place | None:
    """Read a place in a list; None for what is none."""
    told, _, number = text.rpartition("-")
    if not (told.removeprefix("-").isascii() and told.removeprefix("-").isdecimal() and number.isdecimal()):
        return None
    place = Place(told=int(told[:20]), number=int(number[:20]))
    return place if abs(place.told) < _LARGEST and place.number < _LARGEST else None


def _day(story: Glimpse) -> date:
    return story.told_at.date()


def _day_name(day: date, today: date) -> str:
    return {0: "Today", 1: "Yesterday"}.get((today - day).days, "")
