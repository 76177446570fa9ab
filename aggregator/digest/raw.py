"""What a poll has read, packed to be read again some day: the documents, and what was known only then."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import zstandard

from aggregator.digest.job import Body, DigestJob
from aggregator.model import CustomEnricher, Page, Pipeline, Rule

_LEVEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How documents are read now, whatever the feed; as in a ``DigestJob``."""

    enabled: frozenset[str]
    vocabulary: Path | None = None
    boilerplate: Path | None = None
    rules: tuple[Rule, ...] = ()
    custom: tuple[CustomEnricher, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()


def packed(job: DigestJob) -> bytes:
    """Return the documents of a job, compressed: a line of JSON about them, and then the bytes of each."""
    bodies = (Body(url=job.url, body=job.body, content_type=job.content_type), *job.parts)
    # Not orjson: what hostile pages hold need not be sound Unicode.
    about = json.dumps(
        {
            "now": job.now.isoformat(),
            "link_identity": job.link_identity,
            "bodies": [[each.url, each.content_type, len(each.body)] for each in bodies],
            "pages": [
                [asked, page.url, page.markup, page.text]
                for asked, page in (job.pages or {}).items()
                if isinstance(page, Page)
            ],
        }
    )
    return zstandard.ZstdCompressor(level=_LEVEL).compress(b"\n".join((about.encode(), *(b.body for b in bodies))))


def unpacked(
    raw: bytes, manner: Manner, *, feed_url: str, feed_name: str | None, known: Mapping[bytes, bytes]
) -> DigestJob:
    """Return the job that reads the documents again, less the entries that are ``known``."""
    line, _, rest = zstandard.ZstdDecompressor().decompress(raw).partition(b"\n")
    about = json.loads(line)
    bodies: list[Body] = []
    for url, content_type, length in about["bodies"]:
        bodies.append(Body(url=url, body=rest[:length], content_type=content_type))
        rest = rest[length + 1 :]
    return DigestJob(
        feed_url=feed_url,
        url=bodies[0].url,
        body=bodies[0].body,
        content_type=bodies[0].content_type,
        now=datetime.fromisoformat(about["now"]),
        known=known,
        link_identity=about["link_identity"],
        enabled=manner.enabled,
        vocabulary=manner.vocabulary,
        boilerplate=manner.boilerplate,
        feed_name=feed_name,
        rules=manner.rules,
        custom=manner.custom,
        pipelines=manner.pipelines,
        parts=tuple(bodies[1:]),
        pages={asked: Page(url=url, markup=markup, text=text) for asked, url, markup, text in about["pages"]} or None,
    )
