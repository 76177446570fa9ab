"""Whether this process lives, whether it can serve, and its figures: for who watches over it."""

import hmac
import ipaddress

from fastapi import APIRouter, Request, Response

from aggregator.store.contract import StoreError, Work
from aggregator.store.fleet import fleet_standing
from aggregator.vitals import CONTENT_TYPE
from aggregator.web.problems import Refused
from aggregator.web.site import Site, site_of

router = APIRouter(include_in_schema=False)

_TEXT = "text/plain; charset=utf-8"
_PASSED_ON = ("forwarded", "x-forwarded-for", "via")


@router.get("/healthz")
async def alive(request: Request) -> Response:
    """Say whether the process goes on; one that does not should be started anew."""
    site = site_of(request)
    return _told(None if site.vitals.is_alive(site.clock()) else "the daemon has not gone round for a minute")


@router.get("/readyz")
async def ready(request: Request) -> Response:
    """Say whether there is a store of the right version, and nothing in the way of serving it."""
    return _told(await _hindrance(site_of(request)))


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The figures, for Prometheus on this machine, or for who shows the token.

    A request that was passed on by a web server is nobody's of this machine; what the headers say of whose it is, is
    not believed.
    """
    site = site_of(request)
    if not (_is_near(request) or _shows_token(request, site.token)):
        raise Refused(403, "the figures are for this machine, or for who shows [web] token as a bearer token")
    now = site.clock()
    figures = await site.reading(
        lambda work: (work.schedule.standing(now), work.consumers.statuses(), now, fleet_standing(work, now))
    )
    return Response(site.vitals.text(*figures), headers={"content-type": CONTENT_TYPE})


async def _hindrance(site: Site) -> str | None:
    if site.stopping.is_set():
        return "the process is about to end"
    try:
        await site.reading(_looked_at)
        holder = site.holder()
    except StoreError as error:
        return str(error)
    return None if holder is None or holder.trouble is None else f"polling is paused: {holder.trouble}"


def _looked_at(work: Work) -> None:
    work.log.last()


def _told(hindrance: str | None) -> Response:
    status, text = (200, "ok") if hindrance is None else (503, hindrance)
    return Response(f"{text}\n", status_code=status, headers={"content-type": _TEXT, "cache-control": "no-store"})


def _is_near(request: Request) -> bool:
    if request.client is None or any(name in request.headers for name in _PASSED_ON):
        return False
    return ipaddress.ip_address(request.client.host).is_loopback


def _shows_token(request: Request, token: str | None) -> bool:
    shown = request.headers.get("authorization", "")
    return token is not None and hmac.compare_digest(shown.encode(), f"Bearer {token}".encode())
