"""The elements of the feed itself on the fast path: its title, link, language and hints."""

from collections.abc import Callable, Mapping
from typing import Any

from aggregator.parse.elements import PERSON, REFERENCE, Context
from aggregator.parse.names import Declined, Names
from aggregator.parse.scope import Scope

# Elements that may hold others: none of those counts for the feed.
_SUBTREES: Mapping[str, frozenset[str]] = {
    "image": frozenset({"title", "link", "url", "width", "height", "description"}),
    "textinput": frozenset({"title", "link", "description", "name"}),
    "author": PERSON,
    "contributor": PERSON,
    "itunes_owner": frozenset({"itunes_name", "itunes_email"}),
    "itunes_category": frozenset({"itunes_category"}),
    "skiphours": frozenset({"hour"}),
    "skipdays": frozenset({"day"}),
    "items": frozenset({"rdf_seq", "rdf_li"}),
    "info": frozenset({"xhtml_div", "xhtml_a", "xhtml_p", "div", "a", "p"}),
}
_INERT = frozenset(
    (
        *("pubdate", "lastbuilddate", "updated", "modified", "published", "issued", "created", "dc_date", "category"),
        *("dc_subject", "keywords", "managingeditor", "dc_creator", "itunes_author", "itunes_name", "itunes_email"),
        *("itunes_image", "itunes_keywords", "media_thumbnail", "media_keywords", "media_category", "cc_license"),
        *("creativecommons_license", *_SUBTREES),
    )
)


class Feed(Context):
    """The feed itself."""

    def __init__(self, names: Names, *, version: str, helper: Any) -> None:
        super().__init__(names, version=version, helper=helper)
        self.has_content = False  # in feedparser the mark that content was seen survives into the first entry
        self._has_summary = False

    def element(self, element: Any, scope: Scope) -> None:
        """Take one child of the channel. Raises Declined."""
        name = self._names.of(element)
        take = _TAKERS.get(name)
        if take is not None:
            take(self, element, scope)
        elif len(element):
            if not {self._names.of(inner) for inner in element.iterdescendants()} <= _SUBTREES.get(name, frozenset()):
                raise Declined
        elif name not in _INERT:
            self.other(element, name)

    def text_link(self, text: str, link: dict[str, Any]) -> None:
        """Here feedparser leaves ``&amp;`` alone."""
        self.fields["link"] = link["href"] = REFERENCE.sub(r"&\g<1>", text)

    def take_title(self, element: Any, scope: Scope) -> None:
        if "title" in self.fields:
            raise Declined
        self.title(element, scope, 1, counts=True)

    def take_link(self, element: Any, scope: Scope) -> None:
        self.link(element, scope)

    def take_guid(self, element: Any, scope: Scope) -> None:
        self.guid(element, scope, 1)

    def take_text(self, element: Any, _scope: Scope) -> None:
        self.fields[self._names.of(element).removeprefix("dc_")] = self.value(element)

    def take_hint(self, element: Any, scope: Scope) -> None:
        if element.attrib:
            raise Declined
        self.take_text(element, scope)

    def take_summary(self, element: Any, _scope: Scope) -> None:
        if len(element):
            raise Declined
        self.has_content |= self._has_summary
        self._has_summary |= self._names.of(element).endswith("summary")


_TAKERS: Mapping[str, Callable[[Feed, Any, Scope], None]] = {
    "title": Feed.take_title,
    "dc_title": Feed.take_title,
    "link": Feed.take_link,
    "id": Feed.take_guid,
    "guid": Feed.take_guid,
    "language": Feed.take_text,
    "dc_language": Feed.take_text,
    **dict.fromkeys(("ttl", "sy_updateperiod", "sy_updatefrequency"), Feed.take_hint),
    **dict.fromkeys(
        ("description", "dc_description", "media_description", "summary", "itunes_summary"), Feed.take_summary
    ),
}
