"""What a feed's past taught, as the JSON of its column ``history``: read and written whole, and queried by nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from aggregator.model import Feed, FeedHints, Move, Rhythm, Setback
from aggregator.store.sqlite.habits import habit_text, read_habit
from aggregator.store.sqlite.values import as_json, moment, moment_or_none, stamp, stamp_or_none

_UNKNOWN: tuple[object, ...] = (None, False, (), {})


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The parts of a feed that travel in the column."""

    rhythm: Rhythm
    setback: Setback | None
    move: Move | None
    distrust: int = 0


def history_text(feed: Feed | History) -> str:
    """Return the column for a feed; what is unknown is left out."""
    return as_json(
        _known(
            {
                "rhythm": _rhythm(feed.rhythm),
                "setback": _setback(feed.setback),
                "move": _move(feed.move),
                "distrust": feed.distrust or None,
            }
        )
    )


def read_history(text: str) -> History:
    """Return what ``history_text`` wrote."""
    fields = orjson.loads(text)
    setback, move = fields.get("setback"), fields.get("move")
    return History(
        rhythm=_read_rhythm(fields.get("rhythm", {})),
        setback=setback
        and Setback(
            kind=setback["kind"],
            status=setback.get("status"),
            times=setback["times"],
            since=moment(setback["since"]),
        ),
        move=move and Move(url=move["url"], times=move["times"], since=moment(move["since"])),
        distrust=fields.get("distrust", 0),
    )


def _rhythm(rhythm: Rhythm) -> Mapping[str, object]:
    hints = rhythm.hints
    return _known(
        {
            "ttl": _seconds(hints.ttl),
            "update_period": _seconds(hints.update_period),
            "skip_hours": hints.skip_hours,
            "skip_days": hints.skip_days,
            "fresh_for": _seconds(rhythm.fresh_for),
            "fresh_by": rhythm.fresh_by,
            "pace": _seconds(rhythm.pace),
            "gap": _seconds(rhythm.gap),
            "newest_at": stamp_or_none(rhythm.newest_at),
            "entries": rhythm.entries,
            "body_at": stamp_or_none(rhythm.body_at),
            "in_phase": rhythm.in_phase,
            "habit": habit_text(rhythm.habit),
            "price": rhythm.price,
        }
    )


def _read_rhythm(fields: Mapping[str, Any]) -> Rhythm:
    return Rhythm(
        hints=FeedHints(
            ttl=_duration(fields.get("ttl")),
            update_period=_duration(fields.get("update_period")),
            skip_hours=tuple(fields.get("skip_hours", ())),
            skip_days=tuple(fields.get("skip_days", ())),
        ),
        fresh_for=_duration(fields.get("fresh_for")),
        fresh_by=fields.get("fresh_by"),
        pace=_duration(fields.get("pace")),
        gap=_duration(fields.get("gap")),
        newest_at=moment_or_none(fields.get("newest_at")),
        entries=fields.get("entries", 0),
        body_at=moment_or_none(fields.get("body_at")),
        in_phase=fields.get("in_phase", False),
        habit=read_habit(fields.get("habit")),
        price=fields.get("price"),
    )


def _setback(setback: Setback | None) -> Mapping[str, object] | None:
    if setback is None:
        return None
    status = {} if setback.status is None else {"status": setback.status}
    return {"kind": setback.kind, **status, "times": setback.times, "since": stamp(setback.since)}


def _move(move: Move | None) -> Mapping[str, object] | None:
    return None if move is None else {"url": move.url, "times": move.times, "since": stamp(move.since)}


def _known(fields: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in _UNKNOWN or isinstance(value, float)}


def _seconds(wait: timedelta | None) -> float | None:
    return None if wait is None else wait.total_seconds()


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
