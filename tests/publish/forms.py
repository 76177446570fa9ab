"""The record whose forms are golden files, and how they are written anew: ``python -m tests.publish.forms``."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aggregator.model import FeedId, Record, RecordId
from aggregator.publish.body import body_html
from aggregator.publish.channel import Channel
from aggregator.publish.forms import FORMS
from aggregator.publish.syndication import SYNDICATIONS
from aggregator.store.browsing import Source, Story
from aggregator.web.pages import Pages

GOLDEN = Path(__file__).parent / "golden"
BASE = "https://news.example"
RECORD = Record(
    id=RecordId(1),
    slug="harbour-ferry-sails-again",
    title='Harbour Ferry "Sails Again": 3 < 4 & more',
    summary="The ferry is back after eleven weeks. Fares stay as they are: a crowd cheered.",
    body_md="""The harbour ferry *sails again* from **Monday**, after repairs that took [eleven weeks](https://herald.example/weeks?a=1&b=2).

## What is new

- a quieter engine
- a [timetable](https://ferry.example/times)

> The last boat leaves at nine, &lt;said&gt; the captain.

| day | boats |
| --- | --- |
| Monday | 12 |

```sh
ferry --boats 12 < plan
```

---

![The ferry at the pier](https://herald.example/ferry.jpg) 東京の新しい船。 <script>alert(1)</script>""",
    canonical_source="https://www.herald.example/2026/ferry?utm_source=rss",
    published_at=datetime(2026, 3, 2, 7, 30, tzinfo=UTC),
    updated_at=datetime(2026, 3, 2, 7, 41, 12, 589629, tzinfo=UTC),
    lang="en",
    topics=("transport", "harbour-towns"),
    entities=("Ann Harbour", "Élan: the \u2028 company"),
)


def rendered() -> dict[str, bytes]:
    """Return the content of each golden file by its name."""
    forms = {f"record{form.suffix}": form.render(RECORD, BASE) for form in FORMS}
    feeds = {f"feed{form.suffix}": form.render(_channel(form.suffix)) for form in SYNDICATIONS}
    return {**forms, **feeds, "body.html": body_html(RECORD.body_md).encode(), "page.html": _page()}


def _channel(suffix: str) -> Channel:
    return Channel(
        title="news.example",
        description="All stories",
        page_url=f"{BASE}/",
        feed_url=f"{BASE}/feed{suffix}",
        site_name="news.example",
        base_url=BASE,
        updated=RECORD.updated_at,
        records=(RECORD,),
    )


def _page() -> bytes:
    """Return the page, less the names of its files that change with what is in them."""
    told = Story(
        record=RECORD,
        source=Source(id=FeedId(1), name="The Herald"),
        first_seen_at=RECORD.updated_at - timedelta(minutes=10),
        sightings=(),
        relatives=(),
    )
    content = Pages(BASE, has_clusters=False).render(
        "story.html",
        story=told,
        record=RECORD,
        body=body_html(RECORD.body_md),
        revision=2,
        url=f"{BASE}/news/{RECORD.slug}",
    )
    return re.sub(rb"/static/[0-9a-f]+/", b"/static/", content)


if __name__ == "__main__":
    for name, content in rendered().items():
        (GOLDEN / name).write_bytes(content)
