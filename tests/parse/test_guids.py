"""Guids as they were written."""

import pytest

from tests.parse.build import atom, entry, read, rss


@pytest.mark.parametrize(
    ("attribute", "permalink"),
    [("", True), (' isPermaLink="true"', True), (' isPermaLink="false"', False), (" isPermaLink = 'False'", False)],
)
@pytest.mark.parametrize("order", ["{guid}{link}", "{link}{guid}"])
def test_a_guid_is_what_was_written_wherever_it_stands(attribute: str, order: str, *, permalink: bool) -> None:
    """ID-02, ID-04, ID-05."""
    guid = f"<guid{attribute}> abc-1\n</guid>"
    item = entry(rss(order.format(guid=guid, link="<link>https://site.example/1</link>")))
    assert (item.guid, item.guid_is_permalink, item.link) == ("abc-1", permalink, "https://site.example/1")


@pytest.mark.parametrize("base", ["", 'xml:base="https://base.example/b/"', 'xml:base="/b/"'])
def test_a_relative_id_stays_relative(base: str) -> None:
    """ID-03: neither the feed's address nor an xml:base is part of it."""
    document = atom("<id>rel-id</id><title>t</title>", "<id>https://base.example/b/x</id>", attributes=base)
    assert [item.guid for item in read(document).entries] == ["rel-id", "https://base.example/b/x"]


def test_an_escaped_or_wrapped_guid_is_recognised() -> None:
    """ID-04."""
    item, other = read(
        rss(
            '<link>https://a.example/</link><guid isPermaLink="false"><![CDATA[https://a.example/?p=1&q=2]]></guid>',
            '<link>https://a.example/</link><guid isPermaLink="false">https://a.example/?p=2&amp;q=2</guid>',
        )
    ).entries
    assert (item.guid, item.guid_is_permalink) == ("https://a.example/?p=1&q=2", False)
    assert (other.guid, other.guid_is_permalink) == ("https://a.example/?p=2&q=2", False)


@pytest.mark.parametrize("guid", ["", " \n ", "<![CDATA[ ]]>"])
def test_a_blank_guid_is_none(guid: str) -> None:
    """ID-07."""
    item = entry(rss(f"<guid>{guid}</guid><title>t</title>"))
    assert (item.guid, item.guid_is_permalink) == (None, False)


def test_an_atom_id_is_a_permalink_only_if_it_is_an_address() -> None:
    address, name = read(atom("<id>https://a.example/1</id>", "<id>tag:a.example,2024:1</id>")).entries
    assert (address.guid_is_permalink, name.guid_is_permalink) == (True, False)


def test_the_identity_of_an_rdf_item_is_its_about() -> None:
    body = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        b'<channel rdf:about="https://a.example/"><title>t</title></channel>'
        b'<item rdf:about="https://a.example/1"><title>x</title><link>https://a.example/1?s=rss</link></item></rdf:RDF>'
    )
    feed = read(body)
    assert (feed.format, feed.entries[0].guid, feed.entries[0].link) == (
        "rss10",
        "https://a.example/1",
        "https://a.example/1?s=rss",
    )
