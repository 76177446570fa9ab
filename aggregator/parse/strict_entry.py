"""An entry's elements on the fast path, each with the meaning of feedparser's handler."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from aggregator.parse.elements import PERSON, Context, attributes, enforce_href, mended
from aggregator.parse.names import Declined, Names
from aggregator.parse.scope import Scope

_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_ITUNES = "http://www.itunes.com/"
_MEDIA_CATEGORY = "http://search.yahoo.com/mrss/category_schema"


class Entry(Context):
    """One item or entry."""

    def __init__(self, names: Names, *, version: str, helper: Any, has_content: bool) -> None:
        super().__init__(names, version=version, helper=helper)
        self._has_content = has_content

    def read(self, element: Any, scope: Scope) -> None:
        """Take the whole entry. Raises Declined."""
        if "lastmod" in element.attrib or "href" in element.attrib:
            raise Declined  # CDF
        about = element.get(_RDF_ABOUT)
        if about:
            self.fields["id"] = about
        self._children(element, scope, 1)

    def _children(self, element: Any, scope: Scope, depth: int) -> None:
        for child in element:
            name = self._names.of(child)
            take = _TAKERS.get(name)
            if take is not None:
                take(self, child, scope.within(child), depth)
                continue
            if name == "media_content":
                self.fields.setdefault("media_content", []).append(attributes(child))
            elif name != "media_group":
                self.other(child, name)
            if len(child):
                self._children(child, scope.within(child), depth + 1)

    def take_title(self, element: Any, scope: Scope, depth: int) -> None:
        self.title(element, scope, depth, counts=True)

    def take_media_title(self, element: Any, scope: Scope, depth: int) -> None:
        self.title(element, scope, depth, counts=False)

    def take_summary(self, element: Any, scope: Scope, depth: int, default: str) -> None:
        """``_start_description`` and ``_start_summary``: a second one is content."""
        if "summary" in self.fields and not self._has_content:
            self.take_content(element, scope, depth, "text/plain")
        else:
            detail = self.detail(element, scope, default)
            self.keep("summary", detail["value"], depth, detail)

    def take_abstract(self, element: Any, scope: Scope, depth: int) -> None:
        detail = self.detail(element, scope, "text/plain")
        self.keep("summary", detail["value"], depth, detail)

    def take_content(self, element: Any, scope: Scope, _depth: int, default: str) -> None:
        self._has_content = True
        detail = self.detail(element, scope, default)
        self.fields.setdefault("content", []).append(detail)
        self.fields.setdefault("summary", detail["value"])

    def take_link(self, element: Any, scope: Scope, _depth: int) -> None:
        self.link(element, scope)

    def take_guid(self, element: Any, scope: Scope, depth: int) -> None:
        self.guid(element, scope, depth)

    def take_text(self, element: Any, _scope: Scope, depth: int, name: str) -> None:
        self.keep(name, self.value(element), depth)

    def take_origin(self, element: Any, _scope: Scope, depth: int) -> None:
        if element.attrib:
            raise Declined
        self.keep("feedburner_origlink", self.value(element), depth)

    def take_author(self, element: Any, scope: Scope, depth: int) -> None:
        self.fields.setdefault("authors", []).append({})
        self._helper.entries, self._helper.inentry = [self.fields], 1
        text = element.text or ""
        for child in element:
            name = self._names.of(child)
            if name not in PERSON or len(child):
                raise Declined
            if name in {"name", "email"}:
                self._helper._save_author(name, (child.text or "").strip())
            else:
                self._helper._save_author("href", self.address(child, scope.within(child)))
            text += child.tail or ""
        self.keep("author", mended(text.strip()), depth)
        self._helper._sync_author_detail()

    def take_category(self, element: Any, _scope: Scope, _depth: int, scheme: str | None) -> None:
        said = attributes(element)
        self._tag(said.get("term"), said.get("scheme", scheme or said.get("domain")), said.get("label"))
        value = self.value(element)
        tags = self.fields["tags"]
        if value and tags and not tags[-1]["term"]:
            tags[-1]["term"] = value
        elif value:
            self._tag(value, None, None)

    def take_keywords(self, element: Any, _scope: Scope, _depth: int, scheme: str | None) -> None:
        if element.attrib:
            raise Declined
        for term in self.value(element).split(","):
            if term.strip():
                self._tag(term.strip(), scheme, None)

    def _tag(self, term: str | None, scheme: str | None, label: str | None) -> None:
        tags = self.fields.setdefault("tags", [])
        tag = {"term": term, "scheme": scheme, "label": label}
        if any(tag.values()) and tag not in tags:
            tags.append(tag)

    def take_enclosure(self, element: Any, _scope: Scope, _depth: int) -> None:
        self.value(element)
        file = attributes(element)
        enforce_href(file)
        self.fields.setdefault("links", []).append(file | {"rel": "enclosure"})

    def take_thumbnail(self, element: Any, _scope: Scope, _depth: int) -> None:
        thumbnail = attributes(element)
        url = self.value(element)
        if url:
            thumbnail.setdefault("url", url)
        self.fields.setdefault("media_thumbnail", []).append(thumbnail)

    def take_itunes_image(self, element: Any, _scope: Scope, _depth: int) -> None:
        self.value(element)
        href = element.get("href") or element.get("url")
        if href:
            self.fields["image"] = {"href": href}

    def take_source(self, element: Any, _scope: Scope, _depth: int) -> None:
        self.value(element)
        url = element.get("url")
        self.fields["source"] = {} if url is None else {"href": url}
        self._title_depth = -1

    def take_licence(self, element: Any, _scope: Scope, _depth: int) -> None:
        if len(element):
            raise Declined
        self.fields.setdefault("links", []).append({"rel": "license"})


_Take = Callable[[Entry, Any, Scope, int], None]


def _texts(field: str, *names: str) -> dict[str, _Take]:
    return dict.fromkeys(names, partial(Entry.take_text, name=field))


_DESCRIPTION: _Take = partial(Entry.take_summary, default="text/html")
_SUMMARY: _Take = partial(Entry.take_summary, default="text/plain")
_CATEGORY: _Take = partial(Entry.take_category, scheme=None)
_TAKERS: Mapping[str, _Take] = {
    "title": Entry.take_title,
    "dc_title": Entry.take_title,
    "media_title": Entry.take_media_title,
    "description": _DESCRIPTION,
    "dc_description": _DESCRIPTION,
    "media_description": _DESCRIPTION,
    "abstract": Entry.take_abstract,
    "summary": _SUMMARY,
    "itunes_summary": _SUMMARY,
    "content": partial(Entry.take_content, default="text/plain"),
    "content_encoded": partial(Entry.take_content, default="text/html"),
    "link": Entry.take_link,
    "guid": Entry.take_guid,
    "id": Entry.take_guid,
    "feedburner_origlink": Entry.take_origin,
    **_texts("published", "published", "issued", "pubdate", "dcterms_issued"),
    **_texts("updated", "updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"),
    **_texts("created", "created", "dcterms_created"),
    **_texts("language", "language", "dc_language"),
    **dict.fromkeys(("author", "managingeditor", "dc_creator", "dc_author", "itunes_author"), Entry.take_author),
    "category": _CATEGORY,
    "keywords": _CATEGORY,
    "dc_subject": _CATEGORY,
    "media_category": partial(Entry.take_category, scheme=_MEDIA_CATEGORY),
    "itunes_keywords": partial(Entry.take_keywords, scheme=_ITUNES),
    "media_keywords": partial(Entry.take_keywords, scheme=None),
    "enclosure": Entry.take_enclosure,
    "media_thumbnail": Entry.take_thumbnail,
    "itunes_image": Entry.take_itunes_image,
    "source": Entry.take_source,
    "cc_license": Entry.take_licence,
    "creativecommons_license": Entry.take_licence,
}
