"""The headers of a request (section D), and nothing that a request should not say."""

from collections.abc import Sequence

from aggregator.fetch.decoding import ACCEPT_ENCODING
from aggregator.fetch.policy import FetchPolicy
from aggregator.fetch.route import Route
from aggregator.model import RequestOptions

Headers = list[tuple[bytes, bytes]]

# Feed types first (HT-07); the last one for servers that label feeds as they please.
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)


def request_headers(
    policy: FetchPolicy, route: Route, options: RequestOptions, conditions: Sequence[tuple[bytes, bytes]]
) -> Headers:
    """Return the headers to ask for ``route.here`` with.

    The operator's own take the place of ours of the same name. They are for the configured origin alone, like the
    credentials, and stay behind where a redirect leads elsewhere (SS-17, ST-21); the User-Agent goes along.
    """
    ours = [
        ("Host", route.here.authority.netloc),
        ("User-Agent", options.user_agent or policy.user_agent),
        ("Accept", _ACCEPT),
        ("Accept-Encoding", ACCEPT_ENCODING),
    ]
    own = options.headers if route.is_home else ()
    replaced = {name.lower() for name, _ in own}
    headers = [(name, value) for name, value in ours if name.lower() not in replaced] + list(own)
    encoded = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers]
    shown = route.authorization if "authorization" not in replaced else None
    return [*encoded, *conditions, *([(b"Authorization", shown)] if shown else [])]
