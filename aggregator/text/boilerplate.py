"""What feeds add to a text that is no part of it: "Read more", "The post … appeared first on …", "[…]".

The rules are data, in ``config/boilerplate.toml`` and a file of the operator's. RE2 runs them: in linear time, whatever
the text is.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import re2

from aggregator.shipped import shipped

_MEMORY = 32 << 20  # bytes, at most, for a pattern of all rules: with its 8 MiB RE2 forgets, and is four times as slow
_NOTHING = r"[^\x00-\x{10FFFF}]"  # what no text has
_TAIL = 600  # characters: longer than any ending, and what bounds the cost for a long text
_MOST = 200  # characters of an ending, where its rule says nothing else
_MOST_ENDINGS = 8
_MOST_BEGINNINGS = 16  # per ending, that turn out to be none
# What an ending follows: a line end, the end of a sentence, a closing bracket or quote.
_BOUNDARY = '\n.!?…。！？؟۔।:;"”’»)]」』】）'
_AFTER = {"end": _BOUNDARY, "last": "\n", "line": "\n", "mark": ""}  # "": whatever it is
_LEAD = r"[\s\-–—|•·▶►→»>\[(（【]*"
_TRAIL = r"[\s.…。»›>→⟶➔➜▶►\])）】\[(（【!:|~〜～=_*\-–—]*"
_SHORTHAND = {"{title}": r"[^\n]+", "{words}": r"(?:[^\n.]|\.[^\s])+", "{list}": r"(?:[^\n.!?。！？]|[.!?]\S)+"}
_TOKEN = re.compile(r"\\.|\[(?:\\.|[^\]])*\]|\{\w+\}|[()|]")
_CUT_MARK = re.compile(r"\s*[\[(]\s*(?:…|\.{2,})\s*[\])][\s.]*\Z")
_BLANK_LINES = re.compile(r"\n{3,}")


class Cut(NamedTuple):
    """A piece of a text that a rule takes out."""

    rule: str
    start: int
    end: int
    from_body: bool  # not only of the text that is looked at by programs


class _Rule(NamedTuple):
    name: str
    is_line: bool
    after: str  # characters, of which one stands before it
    from_body: bool
    most: int


class _Rules(NamedTuple):
    beginnings: Any  # compiled: where an ending may begin
    line: Any  # compiled: a line that goes
    each: tuple[_Rule, ...]
    whole: Any  # compiled as a set: which of them are all of a text


def boilerplate(text: str, own: Path | None = None) -> tuple[Cut, ...]:
    """Return what of a text without space at its ends is boilerplate, in its order: endings, and lines anywhere.

    ``own`` is a file of the operator's rules.
    """
    rules = _rules(own)
    if not rules.each:
        return ()
    endings: list[Cut] = []
    end = len(text)
    while len(endings) < _MOST_ENDINGS and (cut := _ending(rules, text, end)) is not None:
        endings.append(cut)
        end = len(text[: cut.start].rstrip())
    endings.reverse()
    if "\n" not in text:
        return tuple(endings)
    return (*_lines(rules, text[:end]), *endings)


def without_cuts(text: str, cuts: Iterable[Cut]) -> str:
    """Return the text less what was cut out of it; one that says that it goes on (``[…]``, ``[...]``) ends in "…"."""
    done = 0
    kept: list[str] = []
    for cut in cuts:
        kept.append(text[done : cut.start])
        done = cut.end
    if kept:
        text = _BLANK_LINES.sub("\n\n", "".join((*kept, text[done:])).strip())
    mark = _CUT_MARK.search(text, max(0, len(text) - 16))
    return f"{text[: mark.start()]}…" if mark else text


def without_boilerplate(text: str, own: Path | None = None) -> str:
    """Return the text less its boilerplate."""
    text = text.strip()
    return without_cuts(text, boilerplate(text, own))


def _ending(rules: _Rules, text: str, end: int) -> Cut | None:
    tail = max(0, end - _TAIL)
    searched = text[tail:end] if tail else f"\n{text[:end]}"  # what is all there is begins a line too
    offset = tail + 1 if tail else 0
    after = 0
    for _ in range(_MOST_BEGINNINGS):
        found = rules.beginnings.search(searched, after)
        if found is None:
            return None
        after = found.start() + 1
        said = searched[after:]
        for rule in _all_of(rules, said):
            if len(said) <= rule.most and (not rule.after or searched[after - 1] in rule.after):
                return Cut(rule.name, offset + found.start(), end, rule.from_body)
    return None


def _all_of(rules: _Rules, said: str) -> Iterator[_Rule]:
    """Yield the rules that a text fits as a whole, in their order."""
    return (rules.each[number] for number in sorted(rules.whole.Match(said) or ()))


def _lines(rules: _Rules, text: str) -> Iterator[Cut]:
    for found in rules.line.finditer(text):
        said = found.group()
        rule = next(rule for rule in _all_of(rules, said) if rule.is_line)
        yield Cut(rule.name, found.start(), found.end(), rule.from_body)


def rules_of(kind: str, own: Path | None = None) -> list[Mapping[str, Any]]:
    """Return the rules of "text" or "image" as their files have them: the operator's, then the shipped ones.

    A rule of the operator's stands for a shipped one of its name, and ``shipped = false`` for all of them.
    """
    ours = tomllib.loads(shipped("boilerplate.toml").read_text(encoding="utf-8"))[kind]
    if own is None:
        return list(ours)
    stated = tomllib.loads(own.read_text(encoding="utf-8"))
    theirs = stated.get(kind, [])
    names = {rule["name"] for rule in theirs}
    return [*theirs, *(rule for rule in ours if rule["name"] not in names and stated.get("shipped", True))]


@functools.cache
def _rules(own: Path | None) -> _Rules:
    stated = rules_of("text", own)
    # Without what may be anything, so that RE2 has hardly a state to keep in any text that is not boilerplate.
    return _Rules(
        beginnings=compiled(
            f"[{re.escape(_BOUNDARY)}]{_LEAD}{_beginning(stated, 'end')}"
            f"|\n{_LEAD}{_beginning(stated, 'last', 'line')}"
            f"|(?s:.){_beginning(stated, 'mark')}"
        ),
        line=compiled(rf"(?m:^)[^\S\n]*{_any_of(rule for rule in stated if rule['at'] == 'line')}[^\S\n]*(?:\n|\z)"),
        each=tuple(map(_rule, stated)),
        whole=_whole(stated),
    )


def _rule(stated: Mapping[str, Any]) -> _Rule:
    return _Rule(
        name=stated["name"],
        is_line=stated["at"] == "line",
        after=_AFTER[stated["at"]],
        from_body=stated.get("from") == "body",
        most=stated.get("most", _MOST),
    )


def _whole(rules: Iterable[Mapping[str, Any]]) -> Any:
    """One pass over a text for all rules, where a pass for each would take as long as all else."""
    whole = re2.Set.FullMatchSet(_options())
    for rule in rules:
        pattern = _any_of([rule])
        whole.Add(rf"\s*{pattern}\s*" if rule["at"] == "line" else f"{_LEAD}{pattern}{_TRAIL}")
    whole.Compile()
    return whole


def _beginning(rules: Iterable[Mapping[str, Any]], *places: str) -> str:
    patterns = [pattern for rule in rules if rule["at"] in places for pattern in rule["patterns"]]
    return _any_of([{"patterns": [head for pattern in patterns for head in _heads(pattern)]}])


def _heads(pattern: str) -> Iterator[str]:
    """Yield each alternative of a pattern up to where it may go on with anything."""
    depth = start = 0
    end = None
    for token in _TOKEN.finditer(pattern):
        said = token.group()
        depth += (said == "(") - (said == ")")
        if depth == 0 and said == "|":
            yield pattern[start:end] if end else pattern[start : token.start()]
            start, end = token.end(), None
        elif depth == 0 and said in _SHORTHAND and token.start() > start:
            end = end or token.start()
    yield pattern[start:end]


def _any_of(rules: Iterable[Mapping[str, Any]]) -> str:
    pattern = "|".join(f"(?:{pattern})" for rule in rules for pattern in rule["patterns"]) or _NOTHING
    for word, meaning in _SHORTHAND.items():
        pattern = pattern.replace(word, meaning)
    return f"(?:{pattern})"


def compiled(pattern: str) -> Any:
    """Return a pattern of the rules, compiled."""
    return re2.compile(pattern, options=_options())


def _options() -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    return options
