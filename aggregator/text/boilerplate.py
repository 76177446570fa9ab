"""What feeds add to a text that is no part of it: "Read more", "The post … appeared first on …", "[…]".

The rules are data, in ``config/boilerplate.toml``, and are run by RE2: in linear time, whatever the text is.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import re2

from aggregator.shipped import shipped

_MEMORY = 32 << 20  # bytes that RE2 may take for all rules as one: with its 8 MiB it forgets and is eight times as slow
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
    pattern: Any  # compiled


class _Rules(NamedTuple):
    beginnings: Any  # compiled: where an ending may begin
    line: Any  # compiled: a line that goes
    each: tuple[_Rule, ...]


def boilerplate(text: str) -> tuple[Cut, ...]:
    """Return what of a text without space at its ends is boilerplate, in its order: endings, and lines anywhere."""
    rules = _rules()
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


def without_boilerplate(text: str) -> str:
    """Return the text less its boilerplate."""
    text = text.strip()
    return without_cuts(text, boilerplate(text))


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
        for rule in rules.each:
            if _fits(rule, said, before=searched[after - 1]):
                return Cut(rule.name, offset + found.start(), end, rule.from_body)
    return None


def _fits(rule: _Rule, said: str, *, before: str) -> bool:
    if len(said) > rule.most or (rule.after and before not in rule.after):
        return False
    return rule.pattern.fullmatch(said) is not None


def _lines(rules: _Rules, text: str) -> Iterator[Cut]:
    for found in rules.line.finditer(text):
        said = found.group()
        rule = next(rule for rule in rules.each if rule.is_line and rule.pattern.fullmatch(said))
        yield Cut(rule.name, found.start(), found.end(), rule.from_body)


def shipped_rules() -> Mapping[str, Any]:
    """Return the rules as their file has them."""
    return tomllib.loads(shipped("boilerplate.toml").read_text(encoding="utf-8"))


@functools.cache
def _rules() -> _Rules:
    stated = shipped_rules()["text"]
    # Without an end, so that RE2 reads forwards and has hardly a state to keep in any text that is not boilerplate.
    return _Rules(
        beginnings=compiled(
            f"[{re.escape(_BOUNDARY)}]{_LEAD}{_any_at(stated, 'end')}"
            f"|\n{_LEAD}{_any_at(stated, 'last', 'line')}"
            f"|(?s:.){_any_at(stated, 'mark')}"
        ),
        line=compiled(rf"(?m:^)[^\S\n]*{_any_at(stated, 'line')}[^\S\n]*(?:\n|\z)"),
        each=tuple(map(_rule, stated)),
    )


def _rule(stated: Mapping[str, Any]) -> _Rule:
    pattern = _any_of([stated])
    is_line = stated["at"] == "line"
    return _Rule(
        name=stated["name"],
        is_line=is_line,
        after=_AFTER[stated["at"]],
        from_body=stated.get("from") == "body",
        most=stated.get("most", _MOST),
        pattern=compiled(rf"\s*{pattern}\s*" if is_line else f"{_LEAD}{pattern}{_TRAIL}"),
    )


def _any_at(rules: Iterable[Mapping[str, Any]], *places: str) -> str:
    return _any_of(rule for rule in rules if rule["at"] in places)


def _any_of(rules: Iterable[Mapping[str, Any]]) -> str:
    pattern = "|".join(f"(?:{pattern})" for rule in rules for pattern in rule["patterns"])
    for word, meaning in _SHORTHAND.items():
        pattern = pattern.replace(word, meaning)
    return f"(?:{pattern})"


def compiled(pattern: str) -> Any:
    """Return a pattern of the rules, compiled."""
    options = re2.Options()
    options.case_sensitive = False
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    return re2.compile(pattern, options=options)
