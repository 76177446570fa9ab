"""What two answers and a digest say about a feed. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aggregator.feeds import shown
from aggregator.model import Digest, Draft, Feed, FeedId, Fetched, FetchResult, NotModified, Offer
from aggregator.schedule.lifecycle import Moment, decide
from aggregator.schedule.next_poll import next_poll
from aggregator.schedule.policy import PollPolicy, Rule
from aggregator.schedule.rhythm import mean_gap
from aggregator.settings.values import duration_text
from aggregator.url.origin import origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a feed is like."""

    url: str
    answer: Fetched
    read: Digest
    validators: str  # what became of asking again
    hub: Offer | None
    rule: Rule  # that decides how often it would be asked

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield what a person reads, a name and a line each."""
        told = self.fields()
        yield "feed", f"{told['title'] or 'without a title'} ({told['format']}{_listed(', ', told['language'])})"
        yield "url", told["url"]
        if told["redirected_to"]:
            yield "redirects", f"{told['redirected_to']}{' (for good: configure that URL)' if told['moved'] else ''}"
        published = f", the newest {told['newest_at']}" if told["newest_at"] else ", none with a date"
        yield "entries", f"{told['entries']}{published}{_listed('; left out: ', told['left_out'])}"
        yield "rhythm", f"an entry every {told['rhythm']}" if told["rhythm"] else "not to be told from its dates"
        yield "size", f"{told['bytes']} bytes{_listed(', ', told['compression'])}; {told['bytes_unpacked']} unpacked"
        yield "validators", told["validators"]
        yield "hub", told["hub"] or "none: it has to be polled"
        yield "interval", f"{told['interval']}: {self.rule.name}, {self.rule.why}"
        if told["flaw"]:
            yield "flaw", told["flaw"]

    def fields(self) -> dict[str, Any]:
        """Return the same for programs."""
        answer, read = self.answer, self.read
        gap = mean_gap(read.dates)
        return {
            "url": shown(self.url),
            "redirected_to": shown(answer.url) if answer.url != self.url else None,
            "moved": answer.permanent_url is not None and answer.permanent_url != self.url,
            "format": read.format,
            "title": read.title,
            "language": read.language,
            "entries": len(read.drafts) + len(read.dropped),
            "left_out": read.left_out,
            "newest_at": read.dates[0].isoformat(timespec="seconds") if read.dates else None,
            "rhythm": _rounded(gap) if gap else None,
            "bytes": answer.wire_bytes,
            "bytes_unpacked": len(answer.body),
            "compression": answer.headers.get("content-encoding"),
            "validators": self.validators,
            "hub": self.hub.hub if self.hub else None,
            "interval": _rounded(self.rule.wait),
            "decided_by": self.rule.name,
            "flaw": read.flaw,
            "sample": _sample(read.drafts[0]) if read.drafts else None,
        }


def findings(
    url: str,
    first: Fetched,
    again: FetchResult,
    read: Digest,
    *,
    hub: Offer | None,
    policy: PollPolicy,
    now: datetime,
) -> Findings:
    """Return them; ``again`` is the answer to a conditional request right after the first."""
    outcome = decide(_unknown(url, now), first, read, b"", Moment(started=now, now=now, policy=policy))
    decision = next_poll(outcome.feed, policy)
    rule = next(rule for rule in decision.rules if rule.name == decision.rule)
    return Findings(url=url, answer=first, read=read, validators=_verdict(first, again), hub=hub, rule=rule)


def _unknown(url: str, now: datetime) -> Feed:
    """Return a feed as it is before its first poll."""
    return Feed(
        id=FeedId(0),
        url=url,
        fetch_url=url,
        name=None,
        tags=(),
        interval=None,
        origin=origin(url),
        state="new",
        reason=None,
        title=None,
        language=None,
        validators=None,
        body_hash=None,
        identity="guid",
        failures=0.0,
        last_poll_at=None,
        last_ok_at=None,
        next_poll_at=now,
        retry_after_at=None,
        digested_at=None,
    )


def _verdict(first: Fetched, again: FetchResult) -> str:
    given = first.validators
    if given is None:
        return "none: every poll is a whole document"
    names = " and ".join(
        name for name, value in (("ETag", given.etag), ("Last-Modified", given.last_modified)) if value is not None
    )
    match again:
        case NotModified():
            return f"{names}: they work (304)"
        case Fetched() if again.body == first.body:
            return f"{names}: not honoured, the whole document came again"
        case Fetched():
            return f"{names}: another document came at once; what is new in it is told by its entries"
    return f"{names}: the second request failed ({again.message})"


def _sample(draft: Draft) -> Mapping[str, object]:
    return {
        "title": draft.title,
        "canonical_source": draft.identity.canonical_source,
        "published_at": draft.published_at.isoformat() if draft.published_at else None,
        "lang": draft.lang,
        "topics": list(draft.topics),
        "entities": list(draft.entities),
        "summary": draft.summary,
        "body_md": draft.body_md,
    }


def _rounded(wait: timedelta) -> str:
    """Return a duration to the minute, or the second where it is short."""
    unit = timedelta(minutes=1) if wait >= timedelta(minutes=10) else timedelta(seconds=1)
    return duration_text(max(round(wait / unit) * unit, timedelta()))


def _listed(before: str, value: object) -> str:
    return f"{before}{value}" if value else ""
