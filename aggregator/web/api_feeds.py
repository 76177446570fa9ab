"""``/api/feeds``: the feeds and how they do; adding one."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from aggregator.feeds import EditError, shown
from aggregator.model import FeedConfig
from aggregator.publish.record import date_text, json_line
from aggregator.settings import ConfigError
from aggregator.store.browsing import FeedCard
from aggregator.web.answers import JSON
from aggregator.web.api_listing import listed, listing
from aggregator.web.api_models import FEED, Added, Feeds, NewFeed
from aggregator.web.api_selecting import MOST_SEQ, Limit
from aggregator.web.api_writing import allowed, described, read
from aggregator.web.problems import Refused
from aggregator.web.site import site_of
from aggregator.web.writing import Writing

router = APIRouter(tags=["feeds"])


@router.get("/feeds", response_model=Feeds, responses=listed("feed", FEED))
async def feeds(
    request: Request,
    after: Annotated[int, Query(ge=-1, le=MOST_SEQ, description="The `next` of the page before.")] = -1,
    limit: Limit = 100,
) -> Response:
    """List the feeds in the order of the configuration."""
    site = site_of(request)
    now = site.clock()
    cards = await site.reading(lambda work: work.browsing.feeds(after=after, limit=limit + 1, since=now))
    following = cards[limit - 1].position if len(cards) > limit else None
    lines = b"".join(json_line(_fields(card)) for card in cards[:limit])
    return listing(request, "feeds", lines, more={"next": following})


@router.post("/feeds", status_code=201, response_model=Added, openapi_extra=described(NewFeed))
async def add_feed(request: Request, writing: Annotated[Writing, Depends(allowed)]) -> Response:
    """Add a feed: to a list beside the store, which the configuration includes. A daemon polls it at once."""
    wanted = await read(request, NewFeed)
    feed = FeedConfig(url=wanted.url, name=wanted.name, tags=tuple(wanted.tags), interval=wanted.interval)
    if writing.is_private(feed.url):
        raise Refused(422, "this URL points into a private network that [fetch] allow_networks does not name")
    site = site_of(request)
    try:
        is_new = await site.reading.aside(lambda: writing.add(feed))
    except (EditError, ConfigError) as error:
        raise Refused(503, "the list of feeds cannot be changed at the moment", {"Retry-After": "60"}) from error
    if not is_new:
        raise Refused(409, "this feed is configured already")
    now = site.clock()
    await writing.write.once(lambda work: work.feeds.include(feed, now, origin_of=writing.origin_of))
    return Response(json_line({"url": shown(feed.url)}), status_code=201, headers={"content-type": JSON})


def _fields(card: FeedCard) -> dict[str, object]:
    return {
        "id": card.source.id,
        "url": card.url,
        "name": card.source.name,
        "state": card.state,
        "reason": card.reason,
        "active": card.active,
        "records": card.records,
        "last_poll_at": date_text(card.last_poll_at),
        "last_ok_at": date_text(card.last_ok_at),
        "next_poll_at": date_text(card.next_poll_at),
    }
