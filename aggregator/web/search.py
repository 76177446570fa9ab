"""The search."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from aggregator.store.browsing import Glimpse, Label, LabelKind
from aggregator.store.index import Hit, Results
from aggregator.store.query import Query, parse_query
from aggregator.web.answers import Page, answer
from aggregator.web.highlight import excerpt, highlighted
from aggregator.web.site import site_of

router = APIRouter(include_in_schema=False)

_A_PAGE = 20
_MOST_PAGES = 50
_MOST_TYPED = 300  # characters of a query: a longer one would not be read to its end
_KINDS = {"topic": ("Topics", 8), "source": ("Sources", 8), "entity": ("Mentioned", 5), "lang": ("Languages", 8)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    story: Glimpse
    title: Markup
    excerpt: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facet:
    """A way to narrow a search."""

    kind: LabelKind
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
    last = -(-results.total // _A_PAGE)
    content = await site.reading.aside(
        lambda: site.pages.render(
            "search.html",
            q=q[:300],
            is_empty=query.is_empty,
            results=results,
            found=[_shown(hit, query) for hit in results.hits],
            facets=_facets(q, results),
            previous=_url(q, min(number - 1, last)) if number > 1 else None,
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
    found = [(label, narrowed) for label in results.facets if (narrowed := _narrowed(q, label)) is not None]
    return [
        (
            name,
            [
                _Facet(kind=label.kind, name=label.name, records=label.records, url=_url(typed, 1))
                for label, typed in found
                if label.kind == kind
            ][:most],
        )
        for kind, (name, most) in _KINDS.items()
    ]


def _narrowed(q: str, label: Label) -> str | None:
    """Return the query for those stories alone; None where there is no way to say so."""
    value = f"#{label.label}" if label.kind == "source" else label.label
    typed = f'{q} {label.kind}:"{value}"' if " " in value else f"{q} {label.kind}:{value}"
    return typed.strip() if '"' not in value and len(typed) <= _MOST_TYPED else None


def _url(q: str, page: int) -> str:
    return "?" + urlencode({"q": q} | ({"page": page} if page > 1 else {}))
