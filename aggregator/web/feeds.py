"""How the feeds are doing."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from aggregator.web.answers import Page, answer
from aggregator.web.chart import charts
from aggregator.web.failures import failure
from aggregator.web.site import site_of
from aggregator.web.verdicts import mood_and_word
from aggregator.web.week import week

router = APIRouter(include_in_schema=False)

_A_PAGE = 16
_CHARTED_DAYS = 14


@router.get("/feeds")
async def feeds(request: Request, after: str = "", state: str = "") -> Response:
    """The feeds in the order of the configuration: all of them, or those that fail (``state=failing``)."""
    site = site_of(request)
    if after and not (after.isascii() and after.isdecimal() and len(after) < 10):
        return failure(request, 404)
    now = site.clock()
    since = now - timedelta(days=_CHARTED_DAYS)
    position, failing = int(after) if after else -1, state == "failing"
    counts, found = await site.reading(
        lambda work: (
            work.browsing.feed_counts(),
            work.browsing.feeds(after=position, limit=_A_PAGE + 1, since=since, failing=failing),
        )
    )
    shown = found[:_A_PAGE]
    content = site.pages.render(
        "feeds.html",
        feeds=[
            (card, charts(card.days, now.date(), last=_CHARTED_DAYS), week(card.habit), mood_and_word(card, now))
            for card in shown
        ],
        more=shown[-1].position if len(found) > _A_PAGE else None,
        is_first=not after,
        counts=counts,
        failing=failing,
    )
    return answer(request, Page(content=content))
