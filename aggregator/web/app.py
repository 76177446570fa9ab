"""The application: routers put together, and the guard around them."""

from fastapi import FastAPI

from aggregator.web import about, clusters, feeds, listings, search, static_files, stories, stream
from aggregator.web.failures import add_failures
from aggregator.web.guard import Application, Guard
from aggregator.web.site import Site

_ROUTERS = (
    stories.router,
    listings.router,
    clusters.router,
    search.router,
    feeds.router,
    about.router,
    static_files.router,
    stream.router,
)


def application(site: Site) -> Application:
    """Return what a server of ASGI runs."""
    app = FastAPI(title="aggregator", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.site = site
    for router in _ROUTERS:
        app.include_router(router)
    add_failures(app)
    return Guard(app, site.base_url)
