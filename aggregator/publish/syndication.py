"""The formats of feeds that we publish."""

from aggregator.publish.atom import to_atom
from aggregator.publish.channel import Syndication
from aggregator.publish.json_feed import to_json_feed
from aggregator.publish.rss import to_rss

SYNDICATIONS = (
    Syndication(suffix=".atom", media="application/atom+xml", name="Atom", render=to_atom),
    Syndication(suffix=".rss", media="application/rss+xml", name="RSS", render=to_rss),
    Syndication(suffix=".json", media="application/feed+json", name="JSON Feed", render=to_json_feed),
)
