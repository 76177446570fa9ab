"""The application: routers put together, and the guard around them."""

from aggregator import __version__
from aggregator.web import (
    about,
    clusters,
    feeds,
    health,
    indexes,
    listings,
    search,
    static_files,
    stories,
    syndication,
    websub,
)
from aggregator.web.api import Described, api_router
from aggregator.web.failures import add_failures
from aggregator.web.front import Front
from aggregator.web.guard import Application, Guard
from aggregator.web.site import Site

_ROUTERS = (
    stories.router,
    listings.router,
    clusters.router,
    search.router,
    feeds.router,
    syndication.router,
    indexes.router,
    about.router,
    static_files.router,
    health.router,
    api_router(),
    websub.router,
)


def application(site: Site) -> Application:
    """Return what a server of ASGI runs."""
    app = Described(
        title="aggregator",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        servers=[{"url": site.base_url}],
        redirect_slashes=False,
    )
    app.state.site = site
    for router in _ROUTERS:
        app.include_router(router)
    add_failures(app)
    app.add_middleware(Front, site=site)
    return Guard(app, site.base_url)
