"""Stories before all routes: most requests are for one, and finding the route would take longer than the answer."""

from aggregator.store.contract import StoreError
from aggregator.web.answers import Page, has_it, headers_of
from aggregator.web.guard import Application, Receive, Scope, Send
from aggregator.web.site import Site
from aggregator.web.stories import found_at, vary_of

_STORIES = "/news/"


class Front:
    """An application before another: answers for pages of stories, in every form. Whatever is none is for the other."""

    def __init__(self, app: Application, site: Site) -> None:
        self._inside = app
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        name = _name(scope)
        stated = dict(reversed(scope["headers"])) if name else {}  # of several with one name, the first
        found = await self._found(name, _text(stated, b"accept") or "") if name else None
        if found is None:
            await self._inside(scope, receive, send)
            return
        is_kept = has_it(found, _text(stated, b"if-none-match"), _text(stated, b"if-modified-since"))
        headers = headers_of(found, is_kept=is_kept, vary=vary_of(name))
        await send({"type": "http.response.start", "status": 304 if is_kept else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if is_kept else found.content})

    async def _found(self, name: str, accept: str) -> Page | None:
        try:
            found = await found_at(self._site, name, accept)
        except StoreError:
            return None  # the other one says so
        return found if isinstance(found, Page) else None


def _name(scope: Scope) -> str:
    """Return the name of the story that a request is for; "" where it is for something else."""
    path: str = scope.get("path", "")
    if scope.get("method") != "GET" or not path.startswith(_STORIES):
        return ""
    name = path[len(_STORIES) :]
    return "" if "/" in name else name


def _text(stated: dict[bytes, bytes], name: bytes) -> str | None:
    value = stated.get(name)
    return None if value is None else value.decode("latin-1")
