"""Which titles tell of one event, by the words they share. Pure: what any store makes clusters of records by.

Titles are compared as sets of words, each weighed by how few of the store's own titles have it (tf-idf, the cosine).
"""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from math import log, sqrt
from zlib import crc32

from aggregator.text.words import indexed_words

WINDOW = timedelta(hours=72)  # no two records of a cluster are further apart

_FEWEST_WORDS = 3  # "Weather forecast" and "Morning briefing" come back every day
_FEWEST_SHARED = 3  # words: one or two are a name, and names do many things
_COSINE = 0.30  # as measured: docs/reference/enrich.md
_LONGEST = 300  # characters of a title that are looked at
_LONGEST_WORD = 40
_MOST_WORDS = 24
_WORD = re.compile(r"[^\W_]{2,}")
# Of the languages that most feeds are in; of others the counts soon show which words say little.
_SILENT_WORDS = """
about after again against all also amid among an and any are as at back be because been before being between but by
can could did do does down during each first for from get gets got had has have he her here him his how if in into is
it its just last like make may me more most must my new no not now of off on one only or other our out over own per
said say says see set she should since so some still such than that the their them then there these they this those
through to too two under until up us use via was we were what when where which while who whom whose why will with
without would yet you your aber als am auf aus bei bis das dass dem den der des die doch ein eine einem einen einer es
für hat ich im ist mehr mit nach nicht noch nur oder sein sich sie sind über um und von vor war wegen wie wird wir zu
zum zur au aux avec ce cette ces dans de du elle en est et eux il ils la le les leur mais ne nous ou où par pas plus
pour que qui sa sans se ses son sont sous sur un une vers vous al ante como con contra del desde donde el ella entre
era ese esta este fue ha hasta hay las lo los más muy ni nos para pero por porque según ser si sin sobre su sus tras
una uno ya ao aos até com da dos ela ele em foi isso mas na nas não nem num pela pelo sem seu sua também uma che chi
ci dal dalla degli dei della delle di fra gli ma nel nella non più sono sul sulla tra aan bij dat deze door een er
haar heeft het hij hoe ik maar met naar niet nog om onder ook op te tot uit van voor wat werd wordt zich zijn
"""
_SILENT = frozenset(_SILENT_WORDS.split())


def terms(title: str) -> frozenset[int]:
    """Return what a title is compared by: hashes of its words, from 1 to below 2**32; none for what says too little.

    Case makes no difference; silent words and single letters are left out; of Chinese, Japanese and Korean it is pairs
    of neighbours, whose hashes are even.
    """
    words = _WORD.findall(indexed_words(title[:_LONGEST].casefold()))
    telling = dict.fromkeys(word[:_LONGEST_WORD] for word in words if word not in _SILENT)
    if len(telling) < _FEWEST_WORDS:
        return frozenset()
    return frozenset(map(_hash, list(telling)[:_MOST_WORDS]))


def weights(words: Iterable[int], having: Mapping[int, int], titles: int) -> dict[int, float]:
    """Return what each word weighs where ``having`` counts the titles with it, of ``titles`` in all."""
    most = log(1 + titles)
    return {word: 1 + max(0.0, most - log(1 + having.get(word, 0))) for word in words}


def length(weighed: Mapping[int, float]) -> float:
    """Return the length of a title's vector."""
    return sqrt(sum(weight * weight for weight in weighed.values()))


def tells_of_one(cosine: float, shared: AbstractSet[int]) -> bool:
    """Whether titles with that cosine, and these words in common, tell of one event."""
    # A word of four characters is three pairs.
    return cosine >= _COSINE and sum(1 if word % 2 else 0.5 for word in shared) >= _FEWEST_SHARED


def _hash(word: str) -> int:
    hashed = crc32(word.encode("utf-8", "surrogatepass"))
    is_pair = len(word) == 2 and indexed_words(word) != word
    return (hashed & ~1 or 2) if is_pair else hashed | 1
