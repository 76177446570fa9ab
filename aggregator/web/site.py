"""What every route of the site works with."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request

from aggregator.store.upkeep import Holder
from aggregator.subscriber import Subscriber
from aggregator.vitals import Vitals
from aggregator.web.buckets import Buckets
from aggregator.web.cache import Cache
from aggregator.web.listeners import Listeners
from aggregator.web.pages import Pages
from aggregator.web.reading import Reading
from aggregator.web.tail import Tail
from aggregator.web.writing import Writing


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One for each application."""

    reading: Reading
    pages: Pages
    cache: Cache
    base_url: str  # without a slash at its end
    token: str | None  # that a request which changes something has to show; None: there are no such requests
    clock: Callable[[], datetime]
    tail: Tail
    buckets: Buckets
    listeners: Listeners
    writing: Writing | None  # None: this process changes nothing for anybody
    stopping: asyncio.Event  # set when answers without an end have to end
    vitals: Vitals
    holder: Callable[[], Holder | None]  # who polls the store; raises StoreError
    hubs: tuple[str, ...] = ()  # that are told when the feed of everything changes
    subscriber: Subscriber | None = None  # that hubs are led to; None: nobody listens to them


def site_of(request: Request) -> Site:
    """Return the site that a request is for."""
    site: Site = request.app.state.site
    return site
