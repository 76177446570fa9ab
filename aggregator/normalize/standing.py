"""What an author writes below every entry in words of his own: who he is, where to give, what else to read."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from aggregator.model import Article
from aggregator.text.plain import one_line

RULE = "standing"
_ENTRIES = 3  # that say it word for word
_PARAGRAPHS = 10
_SHORTEST = 20  # characters of a paragraph: less may be a signature, or the last line of some code
_LONGEST = 800  # of all: a longer ending that entries share is what they are about
_BREAK = "\n\n"


def without_standing(articles: Sequence[Article]) -> list[Article]:
    """Return the articles of one document less the last paragraphs that three or more of them share word for word.

    They leave text and summary, and the body keeps them: how many they were is in ``boilerplate``. A first paragraph
    stays, and equal texts count as one.
    """
    texts = [article.text for article in articles]
    places: Collection[int] = range(len(texts))
    for _ in range(_PARAGRAPHS):
        shared = _shared(texts[place] for place in places)
        if not shared:
            break
        places = [place for place in places if _last(texts[place]) in shared]
        for place in places:
            texts[place] = texts[place].rpartition(_BREAK)[0]
    return [_shortened(article, text) for article, text in zip(articles, texts, strict=True)]


def _shared(texts: Iterable[str]) -> frozenset[str]:
    counted = Counter(map(_last, set(texts)))
    return frozenset(said for said, count in counted.items() if count >= _ENTRIES and len(said) >= _SHORTEST)


def _last(text: str) -> str:
    """Return the last paragraph of several, or ""."""
    return text.rpartition(_BREAK)[2] if _BREAK in text else ""


def _shortened(article: Article, text: str) -> Article:
    if len(text) == len(article.text) or len(article.text) - len(text) > _LONGEST:
        return article
    return replace(
        article,
        text=text.rstrip(),
        summary=article.summary.removesuffix(one_line(article.text[len(text) :])).rstrip(),
        boilerplate={**article.boilerplate, RULE: article.text.count(_BREAK) - text.count(_BREAK)},
    )
