"""What is believed of a model's answer: only what the entry itself bears out.

Feed text is hostile, and a model may do as it says. So a field is taken where it could not carry anything of the
writer's choice: topics from the list, entities that the entry names, a summary of the entry's own words without links
or markup.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from aggregator.enrich.llm.question import Question
from aggregator.text.plain import one_line

_SHORTEST_SUMMARY, _LONGEST_SUMMARY = 60, 500  # characters
_OWN_WORDS = 0.5  # of a summary that the entry must have
_MOST_TOPICS = 8
_MOST_ENTITIES = 40
_LONGEST_ENTITY = 100
_MOST_VALUES = 200  # of a list that are looked at
_UNFIT = re.compile(
    r"://|www\.|\b[\w-]+\.(?:com|net|org|io|ru|cn|info|biz|xyz|top)\b|[<>{}\[\]|`\\]|\*\*|__|^#", re.IGNORECASE
)
_END = tuple('.!?。！？｡؟۔।…"”’»」』)')
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """What is taken of an answer; None: the record keeps what it has."""

    summary: str | None = None
    topics: tuple[str, ...] | None = None
    entities: tuple[str, ...] | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the record keeps all that it has."""
        return self.summary is None and self.topics is None and self.entities is None


def content_of(body: bytes) -> tuple[str, int | None]:
    """Return the text of a chat completion, and how many tokens it cost as the server says. Raises ValueError."""
    try:
        answer = orjson.loads(body)
        content = answer["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError) as error:
        raise ValueError("the answer is no chat completion") from error
    if not isinstance(content, str):
        raise ValueError("the answer has no text")  # noqa: TRY004 - the peer's doing, not the caller's
    usage = answer.get("usage") if isinstance(answer, dict) else None
    tokens = usage.get("total_tokens") if isinstance(usage, dict) else None
    return content, tokens if type(tokens) is int and tokens >= 0 else None


def believed(content: str, question: Question) -> Believed:
    """Return what can be believed of the JSON object in a text, whatever stands around it."""
    answer = _object_in(content)
    if answer is None:
        return Believed()
    entry = f"{question.title}\n{question.text}"
    return Believed(
        summary=_summary(answer.get("summary"), entry),
        topics=_chosen(answer.get("topics"), question.vocabulary),
        entities=_named(answer.get("entities"), entry),
    )


def _object_in(content: str) -> Mapping[str, Any] | None:
    start, end = content.find("{"), content.rfind("}")
    try:
        answer = orjson.loads(content[start : end + 1]) if 0 <= start < end else None
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _texts(values: object) -> list[str]:
    return (
        [one_line(value) for value in values[:_MOST_VALUES] if isinstance(value, str)]
        if isinstance(values, list)
        else []
    )


def _chosen(values: object, vocabulary: tuple[str, ...]) -> tuple[str, ...] | None:
    known = frozenset(vocabulary)
    return tuple(dict.fromkeys(value for value in _texts(values) if value in known))[:_MOST_TOPICS] or None


def _named(values: object, entry: str) -> tuple[str, ...] | None:
    named = (value for value in _texts(values) if 1 < len(value) <= _LONGEST_ENTITY and _occurs(value, entry))
    return tuple(dict.fromkeys(named))[:_MOST_ENTITIES] or None


def _occurs(name: str, entry: str) -> bool:
    """Whether the entry has the name, whole."""
    if _UNFIT.search(name) or not any(map(str.isalnum, name)):
        return False
    if _UNSPACED.search(name):
        return name in entry
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", entry) is not None


def _summary(value: object, entry: str) -> str | None:
    if not isinstance(value, str) or _UNFIT.search(value):
        return None
    summary = one_line(value)
    if not _SHORTEST_SUMMARY <= len(summary) <= _LONGEST_SUMMARY or not summary.endswith(_END):
        return None
    words, own = _words(summary), frozenset(_words(entry))
    return summary if words and sum(word in own for word in words) >= _OWN_WORDS * len(words) else None


def _words(text: str) -> list[str]:
    folded = text.casefold()
    return _WORD.findall(_UNSPACED.sub(r" \g<0> ", folded))
