"""What other programs find the site by: its feeds as OPML, a sitemap of its news, and rules for robots."""

from datetime import timedelta

from fastapi import APIRouter, Request, Response

from aggregator.feeds import to_opml
from aggregator.model import Record
from aggregator.publish.news_sitemap import news_sitemap
from aggregator.store.browsing import Shelf
from aggregator.store.contract import Work
from aggregator.web.answers import Page, answer
from aggregator.web.site import site_of

router = APIRouter(include_in_schema=False)

_MOST_NEWS = 1000  # and of two days: what the format allows
_NEWS_FOR = timedelta(days=2)


@router.get("/feeds.opml")
async def opml(request: Request) -> Response:
    """All feeds, for other readers; without credentials."""
    feeds = await site_of(request).reading(lambda work: work.browsing.subscriptions())
    content = to_opml(feeds, with_secrets=False).encode()
    return answer(request, Page(content=content, content_type="text/x-opml; charset=utf-8"))


@router.get("/news-sitemap.xml")
async def sitemap(request: Request) -> Response:
    """The stories of the last two days."""
    site = site_of(request)
    since = site.clock() - _NEWS_FOR

    def latest(work: Work) -> list[Record]:
        stories = work.browsing.latest(Shelf(), before=None, limit=_MOST_NEWS)
        return list(work.browsing.records([story.place for story in stories if story.told_at >= since]))

    records = await site.reading(latest)
    content = news_sitemap(records, site_name=site.pages.name, base_url=site.base_url)
    return answer(request, Page(content=content, content_type="application/xml; charset=utf-8"))


@router.get("/robots.txt")
async def robots(request: Request) -> Response:
    """Everything may be read but what costs much and says nothing new."""
    site = site_of(request)
    away = "".join(f"Disallow: {site.pages.root}{path}\n" for path in ("/search", "/api/", "/feed/search"))
    content = f"User-agent: *\n{away}Sitemap: {site.base_url}/news-sitemap.xml\n".encode()
    return answer(request, Page(content=content, content_type="text/plain; charset=utf-8"))
