"""The record whose forms are golden files, and how they are written anew: ``python -m tests.publish.forms``."""

from datetime import UTC, datetime
from pathlib import Path

from aggregator.model import Record, RecordId
from aggregator.publish.body import body_html
from aggregator.publish.forms import FORMS

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
    return {**forms, "body.html": body_html(RECORD.body_md).encode()}


if __name__ == "__main__":
    for name, content in rendered().items():
        (GOLDEN / name).write_bytes(content)
