"""``aggregator healthcheck``: whether the daemon beside it does well, for what keeps containers alive."""

import urllib.error
import urllib.request

import typer

from aggregator.cli.console import DEFAULT_CONFIG, ConfigOption, complain, configured, say
from aggregator.settings import Settings
from aggregator.store.location import open_store

_SECONDS = 5.0
_ANY = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}  # noqa: S104 - where who listens everywhere is found


def healthcheck(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Exit with 0 where the daemon of this configuration does well, else with 69 and the reason.

    It asks the daemon's own site (/readyz at [web] listen); where there is none, whether a process polls the store, and
    is not paused.

    \b
    Example, in a Dockerfile:
      HEALTHCHECK CMD ["aggregator", "healthcheck"]
    """
    settings = configured(config).settings
    hindrance = _of_store(settings) if _is_nowhere(settings.web.listen) else _of_site(settings.web.listen)
    if hindrance is not None:
        complain(hindrance)
        raise typer.Exit(69)
    say("ok")


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


def _of_store(settings: Settings) -> str | None:
    holder = open_store(settings.store.url).holder()
    if holder is None:
        return "nobody polls: start the daemon with `aggregator run`"
    return None if holder.trouble is None else f"polling is paused: {holder.trouble}"
