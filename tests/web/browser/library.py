"""A store in which every page of the site has something to show, and what is hard to show."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from aggregator.model import Draft
from aggregator.store.commit import commit
from aggregator.store.contract import Store
from tests.store.factory import NOW, a_digest, a_store, an_outcome, claim, poll
from tests.web.making import GAZETTE, HERALD, a_story, index

BROKEN = "https://a-host-with-a-name-that-is-rather-long.broken.example/feed"
DAY = timedelta(days=1)
RICH = """The harbour ferry *sails again* from **Monday**, after [eleven weeks](https://herald.example/weeks).

## What is new

- a quieter engine
- a `timetable`

> The last boat leaves at nine, said the captain.

| boat | from | to | on weekdays | on Sundays | with cars | with bicycles | remarks |
| --- | --- | --- | --- | --- | --- | --- | --- |
| Ann | Harbour | Island | 06:00–21:00 | 08:00–20:00 | yes | yes | not-in-January-or-when-it-freezes |

```sh
ferry --boats 12 --timetable https://ferry.example/a/very/long/address/that/does/not/fit/on/a/phone?at=all
```

![The ferry at the pier](https://herald.example/ferry.jpg) Supercalifragilisticexpialidocious."""
HEBREW = "- אחת\n- שתיים\n\n> ציטוט ארוך\n\n```\nx = [1, 2];\n```"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft and " + "more words " * 20
PAGES = {
    "front": "/",
    "topic": "/topic/transport",
    "entity": "/entity/Ann%20Harbour",
    "source": "/source/1",
    "source in trouble": "/source/3",
    "language": "/language/he",
    "topics": "/topics",
    "search": "/search?q=story+%22is+about%22",
    "search without words": "/search",
    "search without results": "/search?q=unheard",
    "stories": "/stories",
    "feeds": "/feeds",
    "about": "/about",
    "story": "/news/ferry",
    "story from right to left": "/news/hebrew",
    "story with a long title": "/news/long",
    "history": "/news/ferry/history",
    "missing": "/nothing-here",
    "gone": "/news/old",
}


def stories() -> list[Draft]:
    """Return those of the first feed, the oldest first."""
    ferry = a_story(90, title="Ferry sails again to the island harbour", body="To be told.", slug="ferry")
    hebrew = a_story(
        91, title="המעבורת חוזרת להפליג", body=f"המעבורת חוזרת *להפליג* ביום שני.\n\n{HEBREW}", slug="hebrew", lang="he"
    )
    chinese = a_story(92, title="港口渡轮星期一恢复航行", body="港口渡轮恢复航行。", slug="chinese", lang="zh-Hans")
    long = a_story(
        93, title=LONG, slug="long", topics=("transport",), entities=("A name as long as names can be " * 2,)
    )
    many = [
        a_story(n, published=NOW - n * timedelta(hours=2), topics=("transport", "harbour-towns")) for n in range(1, 61)
    ]
    return [*many, ferry, hebrew, chinese, long]


@contextmanager
def a_full_library(folder: Path) -> Iterator[Store]:
    """Offer the store; ``NOW`` is the time of the last polls."""
    with a_store(folder, HERALD, GAZETTE, BROKEN) as store:
        poll(store, HERALD, a_digest(a_story(99, slug="old")), NOW - 60 * DAY)
        told = stories()
        poll(store, HERALD, a_digest(*told), NOW - DAY)
        told[60] = a_story(
            90,
            title="Ferry sails again to the island harbour",
            body=RICH,
            slug="ferry",
            topics=("transport", "harbour-towns"),
            entities=("Ann Harbour", "Élan"),
        )
        fresh = [a_story(n, published=NOW - timedelta(minutes=n), topics=("transport",)) for n in range(61, 66)]
        poll(store, HERALD, a_digest(*told, *fresh), NOW)
        again = a_story(94, title="Ferry to the island harbour sails again, at last", slug="again")
        poll(store, GAZETTE, a_digest(again, told[60]), NOW)
        _break(store)
        with store.work() as work:
            work.retention.prune(30 * DAY, NOW, waits_for=(), limit=10)
            work.clusters.catch_up(NOW, limit=1000)
        index(store)
        yield store


def _break(store: Store) -> None:
    with store.work() as work:
        work.feeds.ask([BROKEN], NOW, recent=NOW)
        (feed,) = (feed for feed in claim(work, NOW) if feed.url == BROKEN)
        outcome = an_outcome(feed, None, NOW)
        failing = replace(outcome.feed, state="failing", reason="HTTP 503 Service Unavailable", title="Broken " * 12)
        commit(work, replace(outcome, feed=failing, result="failed", status=503))
        work.feeds.release_claims()
