"""``/news/…``: a record as a page and in its other forms, and its history."""

from collections.abc import Sequence
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

_Absent = Elsewhere | Withdrawn | None


@router.get("/news/{name}")
async def story(request: Request, name: str) -> Response:
    """A story in the form that the name's ending says, or ``Accept`` where it has none."""
    found = await found_at(site_of(request), name, request.headers.get("accept", ""))
    if isinstance(found, Page):
        return answer(request, found, vary=vary_of(name))
    return _absent(request, found, name[len(name.partition(".")[0]) :])


async def found_at(site: Site, name: str, accept: str) -> Page | _Absent:
    """Return the page at ``/news/{name}``, kept or made, or what became of it. Raises StoreError."""
    slug, dot, ending = name.partition(".")
    if dot and f".{ending}" not in _ENDINGS:
        return None
    form = _ENDINGS[f".{ending}"] if dot else _BY_MEDIA.get(preferred(accept, _OFFERS)) if accept else None
    page = site.reading.at_once(partial(_kept, site, slug, form)) if site.cache.holds((slug, form)) else None
    return page or await site.reading.then(partial(_look, site, slug, form), partial(_made, site, form))


def vary_of(name: str) -> str | None:
    """Return what else of a request the answer at ``/news/{name}`` depends on."""
    return None if "." in name else "accept"


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


def _kept(site: Site, slug: str, form: Form | None, work: Work) -> Page | None:
    # Who keeps its page has lately read the rows that are its mark: they are not waited for.
    return site.cache.get((slug, form), work.browsing.mark(slug))


def _look(site: Site, slug: str, form: Form | None, work: Work) -> Page | tuple[Mark, Story | None] | _Absent:
    mark = work.browsing.mark(slug)
    if not isinstance(mark, Mark):
        return mark
    return site.cache.get((slug, form), mark) or (mark, work.browsing.story(slug))


def _made(site: Site, form: Form | None, seen: Page | tuple[Mark, Story | None] | _Absent) -> Page | _Absent:
    if not isinstance(seen, tuple):
        return seen
    mark, told = seen
    if told is None:
        return None
    page = _rendered(site, form, mark, told)
    site.cache.put((mark.slug, form), mark, page)
    return page


def _absent(request: Request, found: _Absent, ending: str) -> Response:
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
