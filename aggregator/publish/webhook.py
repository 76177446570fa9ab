"""One change to one address: a signed POST of its envelope."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model import Change, Failed
from aggregator.publish.envelope import change_line
from aggregator.publish.retrying import Refusal
from aggregator.publish.signing import message_id, signed_headers

_GONE = 410  # "I want no more of this": Standard Webhooks

Post = Callable[[str, Mapping[str, str], bytes], Awaitable[Failed | None]]  # URL, headers, body


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """Sends the changes of one ``[[webhook]]``."""

    name: str
    url: str = field(repr=False)
    key: bytes = field(repr=False)
    base_url: str
    post: Post
    clock: Callable[[], datetime]

    async def __call__(self, change: Change) -> Refusal | None:
        """Return why the receiver did not take it; 2xx is the only yes."""
        body = change_line(change, self.base_url)
        ident = message_id(self.name, change.seq, change.at)
        headers = signed_headers(body, ident=ident, at=self.clock(), key=self.key)
        failed = await self.post(self.url, {"Content-Type": "application/json", **headers}, body)
        if failed is None:
            return None
        return Refusal(message=failed.message, wait=failed.retry_after, final=failed.status == _GONE)
