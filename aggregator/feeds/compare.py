"""What a configuration would change of the feeds that a store knows. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from aggregator.feeds.distinct import sameness
from aggregator.model import FeedConfig, KnownFeed


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A feed under another URL, and by what it was recognised."""

    before: FeedConfig
    after: FeedConfig
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What becomes of the feeds. Headers, credentials and full text are in no store: changes of them are not here."""

    added: tuple[FeedConfig, ...] = ()
    returning: tuple[FeedConfig, ...] = ()  # that had left the configuration; what is known of them counts again
    removed: tuple[FeedConfig, ...] = ()
    moved: tuple[Move, ...] = ()
    changed: tuple[tuple[FeedConfig, FeedConfig], ...] = ()  # before, after; other than the URL
    polled: int = 0  # feeds that are polled now …
    stopping: int = 0  # … and that would be no more

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it was."""
        return not (self.added or self.returning or self.removed or self.moved or self.changed)

    @property
    def stops_most(self) -> bool:
        """Whether more than half of the feeds would be polled no more: more likely a mistake than a wish."""
        return 2 * self.stopping > self.polled


def compare(known: Sequence[KnownFeed], configured: Sequence[FeedConfig]) -> Comparison:
    """Return what taking up ``configured`` would do.

    A feed that is gone and one that nobody knows are one feed that has moved where no other of either kind could be
    meant: their URLs differ in the scheme, the default port or the slash at the end; or redirects have led the one to
    the other; or they have the same name.
    """
    listed = {feed.config.url: feed for feed in known if feed.listed}
    ever = {feed.config.url for feed in known}
    wanted = {feed.url: feed for feed in configured}
    gone = [feed for url, feed in listed.items() if url not in wanted]
    moved = tuple(_moves(gone, [feed for feed in configured if feed.url not in ever]))
    left, arrived = {move.before.url for move in moved}, {move.after.url for move in moved}
    removed = tuple(feed.config for feed in gone if feed.config.url not in left)
    stays = [(feed.config, wanted[url]) for url, feed in listed.items() if url in wanted]
    stays += [(move.before, move.after) for move in moved]
    return Comparison(
        added=tuple(feed for feed in configured if feed.url not in ever and feed.url not in arrived),
        returning=tuple(feed for feed in configured if feed.url in ever and feed.url not in listed),
        removed=removed,
        moved=moved,
        changed=tuple((before, after) for before, after in stays if _told(before) != _told(after)),
        polled=sum(feed.config.enabled for feed in listed.values()),
        stopping=sum(feed.enabled for feed in removed) + sum(old.enabled > new.enabled for old, new in stays),
    )


def _told(feed: FeedConfig) -> FeedConfig:
    """Return what a store says of a feed, but for its URL."""
    return replace(feed, url="", options=None, full_text=None)


def _moves(gone: Iterable[KnownFeed], fresh: Iterable[FeedConfig]) -> Iterable[Move]:
    """Yield the pairs that nothing else could be meant by, the surest sign first."""
    before, after = list(gone), list(fresh)
    for because, old_key, new_key in _SIGNS:
        pairs = _only(before, after, old_key, new_key)
        yield from (Move(before=old.config, after=new, because=because) for old, new in pairs)
        left, arrived = {old.config.url for old, _ in pairs}, {new.url for _, new in pairs}
        before = [feed for feed in before if feed.config.url not in left]
        after = [feed for feed in after if feed.url not in arrived]


def _only(
    before: Iterable[KnownFeed],
    after: Iterable[FeedConfig],
    old_key: Callable[[KnownFeed], str | None],
    new_key: Callable[[FeedConfig], str | None],
) -> list[tuple[KnownFeed, FeedConfig]]:
    """Return the pairs whose key no other feed has on either side."""
    old: dict[str | None, list[KnownFeed]] = {}
    new: dict[str | None, list[FeedConfig]] = {}
    for each in before:
        old.setdefault(old_key(each), []).append(each)
    for config in after:
        new.setdefault(new_key(config), []).append(config)
    return [
        (olds[0], new[key][0])
        for key, olds in old.items()
        if key is not None and len(olds) == 1 and len(new.get(key, ())) == 1
    ]


_SIGNS: tuple[tuple[str, Callable[[KnownFeed], str | None], Callable[[FeedConfig], str | None]], ...] = (
    ("the same address in another spelling", lambda feed: sameness(feed.config.url), lambda feed: sameness(feed.url)),
    ("redirects led there", lambda feed: sameness(feed.fetch_url), lambda feed: sameness(feed.url)),
    ("the same name", lambda feed: feed.config.name, lambda feed: feed.name),
)
