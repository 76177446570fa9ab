"""The search."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from aggregator.store.browsing import Glimpse, Label
from aggregator.store.index import Hit, Results
from aggregator.store.query import Query, parse_query
from aggregator.web.answers import Page, answer
from aggregator.web.highlight import excerpt, highlighted
from aggregator.web.site import site_of

router = APIRouter(include_in_schema=False)

_A_PAGE = 20
_MOST_PAGES = 50
_FACETS = 8  # of a kind


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    story: Glimpse
    title: Markup
    excerpt: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facet:
    """A way to narrow a search."""

    name: str
    records: int
    url: str


@router.get("/search")
async def search(request: Request, q: str = "", page: str = "1") -> Response:
    """What was found, the best first."""
    site, query = site_of(request), parse_query(q)
    number = min(int(page), _MOST_PAGES) if page.isascii() and page.isdecimal() and 0 < len(page) < 4 else 1
    number, now = max(1, number), int(site.clock().timestamp())
    results = await site.reading(
        lambda work: work.searching.find(query, offset=(number - 1) * _A_PAGE, limit=_A_PAGE, now=now)
    )
    content = await site.reading.aside(
        lambda: site.pages.render(
            "search.html",
            q=q[:300],
            is_empty=query.is_empty,
            results=results,
            found=[_shown(hit, query) for hit in results.hits],
            facets=_facets(q, results),
            previous=_url(q, number - 1) if number > 1 else None,
            following=_url(q, number + 1) if number * _A_PAGE < results.total else None,
        )
    )
    return answer(request, Page(content=content))


def _shown(hit: Hit, query: Query) -> _Found:
    story = hit.glimpse
    return _Found(
        story=story,
        title=highlighted(story.title, query),
        excerpt=excerpt(story.summary, hit.body_md, query),
    )


def _facets(q: str, results: Results) -> Sequence[tuple[str, Sequence[_Facet]]]:
    kinds = (("topic", "Topics"), ("source", "Sources"), ("lang", "Languages"))
    return [
        (name, [_facet(q, label) for label in results.facets if label.kind == kind][:_FACETS]) for kind, name in kinds
    ]


def _facet(q: str, label: Label) -> _Facet:
    narrowed = f'{label.kind}:"{label.label}"' if " " in label.label else f"{label.kind}:{label.label}"
    return _Facet(name=label.name, records=label.records, url=_url(f"{q} {narrowed}".strip(), 1))


def _url(q: str, page: int) -> str:
    return "?" + urlencode({"q": q} | ({"page": page} if page > 1 else {}))
