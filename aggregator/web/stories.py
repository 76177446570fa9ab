"""``/news/…``: a record as a page and in its other forms, and its history."""

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from aggregator.publish.body import body_html
from aggregator.publish.forms import FORMS, Form
from aggregator.store.browsing import Elsewhere, Mark, Story, Withdrawn
from aggregator.store.contract import Work
from aggregator.store.past import Line
from aggregator.web.answers import HTML, Page, answer
from aggregator.web.differences import first_steps, steps
from aggregator.web.failures import failure
from aggregator.web.negotiation import preferred
from aggregator.web.site import Site, site_of

router = APIRouter(include_in_schema=False)

_ENDINGS = {form.suffix: form for form in FORMS}
_BY_MEDIA = {form.media: form for form in FORMS}
_OFFERS = ("text/html", *_BY_MEDIA)
_MOST_STEPS = 40  # of a history that are shown

_Found = tuple[Mark | Elsewhere | Withdrawn | None, Story | None]


@router.get("/news/{name}")
async def story(request: Request, name: str) -> Response:
    """A story in the form that the name's ending says, or ``Accept`` where it has none."""
    site, (slug, dot, ending) = site_of(request), name.partition(".")
    if dot and f".{ending}" not in _ENDINGS:
        return failure(request, 404)
    asked = request.headers.get("accept", "")
    form = _ENDINGS[f".{ending}"] if dot else _BY_MEDIA.get(preferred(asked, _OFFERS))
    mark, told = await site.reading(partial(_look, slug=slug, is_kept=lambda mark: site.cache.get((mark, form))))
    if not isinstance(mark, Mark):
        return _absent(request, mark, f"{dot}{ending}")
    page = site.cache.get((mark, form))
    if page is None:
        if told is None:  # it went between two looks at the cache
            told = await site.reading(lambda work: work.browsing.story(slug))
        if told is None:
            return failure(request, 404)
        page = await site.reading.aside(partial(_rendered, site, form, mark, told))
        site.cache.put((mark, form), page)
    return answer(request, page, vary=None if dot else "accept")


@router.get("/news/{slug}/history")
async def history(request: Request, slug: str) -> Response:
    """What the story was, with a difference for each revision."""
    site = site_of(request)
    mark, lines = await site.reading(lambda work: (work.browsing.mark(slug), work.past.lines(slug)))
    if not isinstance(mark, Mark):
        return _absent(request, mark, "/history")
    content = await site.reading.aside(lambda: _history(site, slug, lines))
    return answer(request, Page(content=content, modified=mark.changed_at))


def _history(site: Site, slug: str, lines: Sequence[Line]) -> bytes:
    shown = first_steps(steps(lines[-_MOST_STEPS:]))
    return site.pages.render(
        "history.html", slug=slug, record=lines[-1].record, steps=shown, left_out=len(lines) - len(shown)
    )


def _look(work: Work, *, slug: str, is_kept: Callable[[Mark], object]) -> _Found:
    mark = work.browsing.mark(slug)
    return mark, work.browsing.story(slug) if isinstance(mark, Mark) and not is_kept(mark) else None


def _absent(request: Request, found: Elsewhere | Withdrawn | None, ending: str) -> Response:
    match found:
        case Elsewhere(slug=slug):
            return RedirectResponse(f"{site_of(request).pages.root}/news/{slug}{ending}", status_code=301)
        case Withdrawn(retracted_at=at):
            return failure(request, 410, retracted_at=at)
    return failure(request, 404)


def _rendered(site: Site, form: Form | None, mark: Mark, told: Story) -> Page:
    record, headers = told.record, (("link", _links(site, told)),)
    if form is not None:
        content = form.render(record, site.base_url)
        return Page(content=content, content_type=form.content_type, modified=record.updated_at, headers=headers)
    content = site.pages.render(
        "story.html",
        story=told,
        record=record,
        body=body_html(record.body_md),
        revision=mark.revision,
        url=f"{site.base_url}/news/{record.slug}",
    )
    return Page(content=content, content_type=HTML, modified=mark.changed_at, headers=headers)


def _links(site: Site, told: Story) -> str:
    """Return the header that names the other forms and the source (RFC 8288, RFC 6596)."""
    record = told.record
    url = f"{site.base_url}/news/{record.slug}"
    forms = [("text/html", url), *((form.media, f"{url}{form.suffix}") for form in FORMS)]
    links = [f'<{target}>; rel="alternate"; type="{media}"' for media, target in forms]
    if record.canonical_source.startswith("http"):
        links.append(f'<{quote(record.canonical_source, safe=_IN_URLS)}>; rel="canonical"')
    return ", ".join(links)


_IN_URLS = "!#$%&'()*+,/:;=?@[]~"
