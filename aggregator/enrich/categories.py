"""A feed's own categories, for where no vocabulary of topics is in force."""

from collections.abc import Iterable

from aggregator.text.slugs import ascii_slug

_MOST = 12
_LONGEST = 50  # characters
# What publishing software files a story under that has no category.
_NO_TOPIC = frozenset(
    (
        *("uncategorized", "uncategorised", "unkategorisiert", "allgemein", "non-classe", "sin-categoria"),
        *("sem-categoria", "senza-categoria", "geen-categorie", "bez-kategorii", "bez-rubriki", "genel"),
    )
)


def as_slugs(categories: Iterable[str]) -> tuple[str, ...]:
    """Return the categories as slugs, each once, the first twelve; addresses and "Uncategorized" are none."""
    slugs = (ascii_slug(category, most=_LONGEST) for category in categories if "://" not in category)
    return tuple(dict.fromkeys(slug for slug in slugs if slug and slug not in _NO_TOPIC))[:_MOST]
