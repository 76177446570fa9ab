"""The people, organisations, places and things that an article names, the most important first. Rules, no model."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from aggregator.enrich.addresses import without_addresses, without_code
from aggregator.enrich.evidence import Evidence, stems
from aggregator.enrich.foreign import has_own_script, marked
from aggregator.enrich.headline import title_names
from aggregator.enrich.lexicon import Lexicon, common, lexicon, openers
from aggregator.enrich.mentions import Run, runs
from aggregator.enrich.names import Name, names
from aggregator.enrich.tally import Entity, Tally

RULES = "rules/3"  # raised when the same article would give other names
_MOST_TEXT = 20_000  # characters
_LETTERS = re.compile(r"[^\W\d_]+")
_NOUNS_HAVE_CAPITALS = frozenset({"de", "lb"})
_ENDS = r"\n.!?:;"  # of sentences and their parts
_SMALL = frozenset({"of", "the", "for", "and", "&", "de", "la", "und", "et"})


def entities(title: str, text: str, language: str | None) -> tuple[Entity, ...]:
    """Return every name in an article once, in order of salience."""
    text = without_code(without_addresses(text[:_MOST_TEXT]))
    lists = lexicon()
    language = (language or "en").partition("-")[0]
    spoken = list(runs(text, ends="\n" if language == "en" else _ENDS))
    evidence = _evidence(text, spoken, language, lists)
    mentions = [name for run in spoken for name in names(run, evidence)]
    mentions += [Name((each.name,), each.start, each.end, each.is_person) for each in marked(text, language)]
    aliases = _acronyms(mentions, text)
    tally = Tally(lists)
    for name in mentions:
        tally.add(aliases.get(" ".join(name.words), name.words), name.start / len(text), is_person=name.is_person)
    for name in list(title_names(title, tally, aliases, evidence)):
        words = aliases.get(" ".join(name.words), name.words)
        tally.add(words, 0.0, in_title=True, is_person=name.is_person)
    return tally.ranked()


def _evidence(text: str, spoken: Sequence[Run], language: str, lists: Lexicon) -> Evidence:
    english = language == "en"
    words = frozenset(_LETTERS.findall(text))
    telling = (run for run in spoken if not run.in_heading)
    inner = (word for run in telling for word in (run.words[1:] if run.opens else run.words))
    return Evidence(
        lexicon=lists,
        openers=lists.openers if english else openers(language),
        is_english=english,
        own_script=has_own_script(language),
        common=common(language),
        capitals_nouns=language in _NOUNS_HAVE_CAPITALS,
        lower=words,
        stems=frozenset() if english else stems(words),
        inner=Counter(inner),
    )


def _acronyms(mentions: Sequence[Name], text: str) -> dict[str, tuple[str, ...]]:
    """Return what short forms stand for: those defined in brackets, and those that are the initials of a name."""
    aliases: dict[str, tuple[str, ...]] = {}
    long_forms = {_initials(each.words): each.words for each in reversed(mentions) if len(each.words) > 1}
    for each in mentions:
        short = each.words[0]
        if len(each.words) == 1 and len(short) > 2 and short.isupper() and short in long_forms:
            aliases[short] = long_forms[short]
    for one, other in itertools.pairwise(mentions):
        if text[one.end : other.start] == " (" and text[other.end : other.end + 1] == ")":
            long, short_form = (one.words, other.words) if len(one.words) > 1 else (other.words, one.words)
            if len(long) > 1 and len(short_form) == 1 and _abbreviates(short_form[0], long):
                aliases[short_form[0]] = long
    return aliases


def _initials(words: Iterable[str]) -> str:
    return "".join(word[0] for word in words if word not in _SMALL)


def _abbreviates(short: str, long: Sequence[str]) -> bool:
    """Whether the capitals of a short form occur in a name in this order, the first one first."""
    letters = iter("".join(long).casefold())
    capitals = [letter for letter in short.casefold() if letter.isalpha()]
    return short[:2].isupper() and capitals[:1] == [long[0][0].casefold()] and all(each in letters for each in capitals)
