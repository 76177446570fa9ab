"""What requests to the site may change, and by what."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aggregator.feeds import add_beside, is_private
from aggregator.fetch.scope import origins_of
from aggregator.model import FeedConfig
from aggregator.settings import Settings
from aggregator.store.writer import Writer


@dataclass(slots=True, kw_only=True)
class Writing:
    """The store's writer, and the configuration that feeds are added beside: the daemon may take up another."""

    write: Writer
    settings: Settings
    environ: Mapping[str, str]
    origin_of: Callable[[str, str | None], str]

    def adopt(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        self.settings = settings
        self.origin_of = origins_of(settings.fetch).of

    def add(self, feed: FeedConfig) -> bool:
        """Add a feed to the list beside the store; False where it is configured. Raises EditError, ConfigError."""
        return add_beside(self.settings.path, feed, self.environ)

    def is_private(self, url: str) -> bool:
        """Whether a URL names an address of a private network that the settings do not open."""
        return is_private(url, self.settings.fetch.allow_networks)


def writing(write: Writer, settings: Settings, environ: Mapping[str, str]) -> Writing:
    """Return it for a store and the settings that were read from ``settings.path`` and ``environ``."""
    return Writing(write=write, settings=settings, environ=environ, origin_of=origins_of(settings.fetch).of)
