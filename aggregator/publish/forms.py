"""The forms of a record that programs read: each a file name's ending, a media type and a function."""

from collections.abc import Callable
from dataclasses import dataclass

from aggregator.model import Record
from aggregator.publish.jsonld import record_jsonld
from aggregator.publish.markdown import record_markdown
from aggregator.publish.plain import record_text
from aggregator.publish.record import record_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """``render`` is given a record and where the site is."""

    suffix: str
    media: str
    render: Callable[[Record, str], bytes]

    @property
    def content_type(self) -> str:
        """The media type as a header has it: JSON is UTF-8 by itself (RFC 8259, 8.1)."""
        return f"{self.media}; charset=utf-8" if self.media.startswith("text/") else self.media


FORMS = (
    Form(suffix=".md", media="text/markdown", render=record_markdown),
    Form(suffix=".txt", media="text/plain", render=record_text),
    Form(suffix=".jsonld", media="application/ld+json", render=record_jsonld),
    Form(suffix=".json", media="application/json", render=record_line),
)
