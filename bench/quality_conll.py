"""Texts with their names, from the columns and objects that corpora keep them in."""

import re
from collections.abc import Iterable, Iterator

from bench.quality_gold import CORPUS, lines

Document = tuple[str, list[str]]  # a text, and the names marked in it
Tagged = list[tuple[str, str]]  # the words of a sentence, each with its tag

_SENTENCES = {"wikigold": 8}  # that make a text, in a set that does not say where texts end
_NO_NAMES = frozenset(
    ("Quantity", "Money", "Temporal", "Weapon", "Frequency", "DocumentReference", "Coordinate", "time", "abstract",
     "object", "event", "quantity", "substance", "animal", "plant")
)  # fmt: skip
_GLUED = ((re.compile(r" ([.,;:!?)\]%])"), r"\1"), (re.compile(r"([(\[]) "), r"\1"),
          (re.compile(r" (n't|'s|'re|'ve|'ll|'d|'m|')(?=\W|\Z)"), r"\1"), (re.compile(r" - "), "-"))  # fmt: skip


def documents(name: str) -> Iterator[Document]:
    """Yield the texts of a set, none where it is absent."""
    for suffix, reading in ((".conll", _columns), (".tsv", _columns), (".jsonl", _objects)):
        if (CORPUS / f"entities-gold/{name}{suffix}").exists():
            yield from reading(name, suffix)


def _objects(name: str, suffix: str) -> Iterator[Document]:
    for each in lines(f"entities-gold/{name}{suffix}"):
        if "conll" in each:
            yield _document(_sentences(each["conll"].split("\n"), column=-1))
        else:
            text = each["text"].replace("-LRB-", "(").replace("-RRB-", ")").replace("``", '"').replace("''", '"')
            yield _joined(text.split(" ")), [mention["surface"] for mention in each["mentions"]]


def _columns(name: str, suffix: str) -> Iterator[Document]:
    stated = (CORPUS / f"entities-gold/{name}{suffix}").read_text(encoding="utf-8").split("\n")
    is_numbered = suffix == ".tsv"  # number, word, outer name, inner name
    sentences = list(_sentences(stated, column=2 if is_numbered else -1, word=int(is_numbered)))
    together = _SENTENCES.get(name, 1)
    for at in range(0, len(sentences), together):
        yield _document(sentences[at : at + together])


def _sentences(stated: Iterable[str], *, column: int, word: int = 0) -> Iterator[Tagged]:
    sentence: Tagged = []
    for line in (*stated, ""):
        cells = re.split(r"[\t ]", line.strip())
        if len(cells) > 1 and cells[0] != "#":
            sentence.append((cells[word], cells[column]))
        elif sentence:
            yield sentence
            sentence = []


def _document(sentences: Iterable[Tagged]) -> Document:
    sentences = list(sentences)
    text = " ".join(_joined([word for word, _ in sentence]) for sentence in sentences)
    return text, [name for sentence in sentences for name in _names(sentence)]


def _names(sentence: Tagged) -> Iterator[str]:
    words: list[str] = []
    kind = ""
    for word, tag in (*sentence, ("", "O")):
        begins, _, kind_here = tag.rpartition("-")
        if words and (begins == "B" or kind_here != kind or tag == "O"):
            if kind not in _NO_NAMES and not kind.endswith(("deriv", "part")):
                yield " ".join(words)
            words = []
        if tag != "O":
            words.append(word)
            kind = kind_here


def _joined(words: Iterable[str]) -> str:
    text = " ".join(words)
    for pattern, instead in _GLUED:
        text = pattern.sub(instead, text)
    return text
