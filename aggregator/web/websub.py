"""``/websub/…``: where hubs verify subscriptions and deliver what is new, each under an address of its own."""

import asyncio
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.requests import ClientDisconnect

from aggregator.fetch.decoding import Body
from aggregator.fetch.trouble import Trouble
from aggregator.subscriber import Delivery
from aggregator.web.site import site_of

router = APIRouter(prefix="/websub", include_in_schema=False)

_MAX_SIZE, _MAX_DECODED = 10_000_000, 20_000_000  # bytes: as much as is fetched of a feed
_SECONDS = 60  # for one delivery
_CLOSING = {"Connection": "close"}
_LIVE = frozenset({"pending", "active"})
_REFUSALS = {"too-large": 413, "decode": 415}


@router.get("/{token}")
async def verify(request: Request, token: str) -> Response:
    """The challenge, as plain text and nothing else, for what was asked for; 404 for all else."""
    site, answer = site_of(request), None
    # Read first: whoever guesses is not to keep the store's one writer busy.
    found = await site.reading(lambda work: work.subscriptions.find(token))
    if site.subscriber is not None and found is not None:
        answer = await site.subscriber.verify(token, dict(request.query_params))
    return PlainTextResponse("not asked for\n", 404) if answer is None else PlainTextResponse(answer)


@router.post("/{token}")
async def deliver(request: Request, token: str) -> Response:
    """202 as soon as it is received; whether its signature was right is told to nobody."""
    site = site_of(request)
    found = await site.reading(lambda work: work.subscriptions.find(token))
    if site.subscriber is None or found is None:
        return _refusal(404, "nobody asked for this")
    if found.state not in _LIVE:
        return _refusal(410, "this subscription is over")
    try:
        async with asyncio.timeout(_SECONDS):
            delivery = await _received(request)
    except Trouble as trouble:
        return _refusal(_REFUSALS[trouble.kind], trouble.message)
    except (TimeoutError, ClientDisconnect):
        return _refusal(408, "this takes too long")
    if not await site.subscriber.receive(found, delivery):
        return _refusal(503, "later, please", {"Retry-After": "60"})
    return Response(status_code=202)


def _refusal(status: int, reason: str, headers: Mapping[str, str] = _CLOSING) -> Response:
    """Refuse, and read no more of what may have no end."""
    return PlainTextResponse(f"{reason}\n", status, headers={**headers, **_CLOSING})


async def _received(request: Request) -> Delivery:
    """Read a body within the limits of a fetch (WS-20). Raises Trouble, ClientDisconnect."""
    codings = [each.strip().lower() for each in request.headers.get("content-encoding", "").split(",")]
    body, raw = Body(codings, max_size=_MAX_SIZE, max_decoded=_MAX_DECODED), bytearray()
    async for piece in request.stream():
        body.feed(piece)
        raw += piece
    return Delivery(
        raw=bytes(raw),
        body=body.finish(),
        content_type=request.headers.get("content-type"),
        signature=request.headers.get("x-hub-signature"),
    )
