"""Giving records the keys of newer rules: nobody's record changes, and nothing is emitted (UR-39).

The old key stays as an alias. Where two records come to the same key, the older one has it: the other gets a key of its
own, its old one leads to the older record, and both live on. Feeds that sighted the younger still meet it by guid.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.model import RecordId
from aggregator.store.contract import Work
from aggregator.store.keys import Holders, Keyed, KeyPlan, Rehash
from aggregator.store.plan import Alias
from aggregator.store.writer import Writer

_BATCH = 200  # records: some ten milliseconds, in which other writers wait
_ASIDE = "#record-"  # no mark of an entry looks so


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRules:
    """The rules that keys are made by."""

    version: int
    rekeyed: Callable[[str, str | None, str], str]  # (old key, source if known, feed's URL) -> key
    key_hash: Callable[[str], bytes]  # what stands for the guid of an entry without one


async def rekey(write: Writer, rules: KeyRules, now: datetime) -> AsyncIterator[tuple[int, int]]:
    """Bring all records to the rules, a batch a transaction; yield how many are done, and of how many.

    What a stop or a crash leaves is taken up by the next call. Yields nothing where nothing is behind.
    """
    total = await write(lambda work: work.keys.count_behind(rules.version))
    done = 0
    while done < total:
        batch = await write(lambda work: rekey_some(work, rules, now))
        if not batch:
            return
        done += batch
        yield done, total


def rekey_some(work: Work, rules: KeyRules, now: datetime, *, limit: int = _BATCH) -> int:
    """Bring up to ``limit`` records to the rules; return how many. The caller owns the transaction."""
    work.alone()
    batch = work.keys.behind(rules.version, limit=limit)
    plan = plan_keys(batch, work.keys.holders([key for each in batch for _, key in _renamed(each, rules)]), rules)
    work.keys.apply(plan, rules.version, now)
    return len(batch)


def plan_keys(batch: Sequence[Keyed], holders: Holders, rules: KeyRules) -> KeyPlan:
    """Return what the rules make of a batch; ``holders`` has those of every key that it may come to."""
    seats = _Seats(holders)
    aliases: list[Alias] = []
    rehashes: list[Rehash] = []
    for each in sorted(batch, key=lambda each: each.id):
        (old, wanted), *others = _renamed(each, rules)
        reason = f"rules {each.version}→{rules.version}"
        if wanted != each.key:
            older = seats.take(each, wanted)
            note = reason if older is None else f"{reason}, one with record {each.id}"
            aliases.append(Alias(match_key=old, record=older or each.id, reason=note))
        aliases += (Alias(match_key=new, record=each.id, reason=reason) for _, new in others)
        hashes = ((rules.key_hash(before), rules.key_hash(after)) for before, after in ((old, wanted), *others))
        rehashes += (Rehash(record=each.id, old=before, new=after) for before, after in hashes if before != after)
    return KeyPlan(
        done=tuple(each.id for each in batch),
        moves=seats.moves,
        aliases=tuple(alias for alias in aliases if alias.match_key not in seats.held),
        rehashes=tuple(rehashes),
    )


def _renamed(each: Keyed, rules: KeyRules) -> Iterator[tuple[str, str]]:
    """Yield every key that leads to the record, its own first, and what the rules make of it."""
    own = each.key.partition(_ASIDE)[0]
    yield own, rules.rekeyed(own, each.source, each.feed_url)
    for alias in each.aliases:
        yield alias, rules.rekeyed(alias, None, each.feed_url)


class _Seats:
    """Who has which key, while records move."""

    def __init__(self, holders: Holders) -> None:
        self.held = dict(holders.own)
        self.moves: dict[RecordId, str] = {}
        self._aliased = holders.aliased

    def take(self, each: Keyed, wanted: str) -> RecordId | None:
        """Give the record the key; return the older record that has it already, where there is one."""
        holder = self.held.get(wanted)
        older = next((it for it in (holder, self._aliased.get(wanted)) if it is not None and it < each.id), None)
        self.moves[each.id] = wanted if older is None else f"{wanted}{_ASIDE}{each.id}"
        if self.held.get(each.key) == each.id:
            del self.held[each.key]
        if older is None:
            if holder is not None:  # a younger one: its turn comes, or it has been
                self.moves[holder] = f"{wanted}{_ASIDE}{holder}"
            self.held[wanted] = each.id
        return older
