"""``aggregator healthcheck``: whether the daemon beside it does well, for what keeps containers alive."""

import urllib.error
import urllib.request

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, located, say
from aggregator.store.contract import StoreError
from aggregator.store.location import open_store

_SECONDS = 5.0
_ANY = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - where who listens everywhere is found


def healthcheck(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Exit with 0 where the daemon of this configuration does well, else with 69 and the reason.

    It asks the daemon's own site (/readyz), where that listens: as the running daemon says beside its store, which a
    changed configuration does not change, else as [web] listen says. Where it has no site, whether a process polls the
    store, and is not paused.

    \b
    Example, in a Dockerfile:
      HEALTHCHECK CMD ["aggregator", "healthcheck"]
    """
    url, settings = located(config)
    hindrance = _hindrance(url, settings.web.listen if settings else "off")
    if hindrance is not None:
        complain(hindrance)
        raise typer.Exit(69)
    say("ok")


def _hindrance(url: str, listen: str) -> str | None:
    try:
        holder = open_store(url).holder()
    except (StoreError, PermissionError):
        holder = None  # whoever may not look there, or where there is nothing yet, still may ask the site
    site = holder.site if holder and holder.site else listen
    return _of_store(url) if _is_nowhere(site) else _of_site(site)


def _is_nowhere(listen: str) -> bool:
    return listen == "off" or listen.endswith(":0")


def _of_site(listen: str) -> str | None:
    host, _, port = listen.rpartition(":")
    url = f"http://{_ANY.get(host, host)}:{port}/readyz"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=_SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return error.read(1000).decode("utf-8", "replace").strip()
    except OSError as error:
        return f"nobody answers at {url}: {getattr(error, 'reason', error)}. Is the daemon running?"


def _of_store(url: str) -> str | None:
    holder = open_store(url).holder()
    if holder is None:
        return "nobody polls: start the daemon with `aggregator run`"
    return None if holder.trouble is None else f"polling is paused: {holder.trouble}"
