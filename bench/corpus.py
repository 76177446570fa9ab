"""Generated feeds: 60 % RSS 2.0, 30 % Atom, 10 % RDF; each with 25 entries of about 2 KB of HTML. Seeded.

A body is as thick with markup as those of real feeds are: 843 bodies of 1 to 4 KB, at most five a feed, have on average
23 tags, 12.5 attributes, 6 character references, 4 links and 1.3 images.
"""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

ENTRIES = 25
_START = datetime(2026, 1, 1, tzinfo=UTC)
_TEXT = """
the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one
you were all her she there would their we him been has when who will no more if out so up said what its about than
into them can only other time new some could these two may first then do any like my now over such our man me even
most made after also did many off before must well back through years where much your way down should because long
each just state those people too mister how little good world make very year still see own work men day get here old
between both life being under three never know same last another while us might great go come since against right
came take used himself few house use place during high without again home around small however found part school
thought went say general once upon war every don't does got united left number course until always away something
fact water though public less put think almost hand enough took head yet government system set better told nothing
night end called didn't eyes find going look asked later point knew city next
"""
_WORDS = tuple(_TEXT.split())


def documents(feeds: int, *, seed: int = 1, round_: int = 0) -> Iterator[bytes]:
    """Yield the documents of so many feeds; in each later round every feed has one new entry on top."""
    for number in range(feeds):
        chance = random.Random(f"{seed}-{number}")
        entries = [_entry(chance, number, place) for place in range(ENTRIES + round_)]
        yield _FORMATS[_format(number)](number, entries[::-1][:ENTRIES]).encode()


def _format(number: int) -> str:
    return ("rss", "rss", "rss", "rss", "rss", "rss", "atom", "atom", "atom", "rdf")[number % 10]


def _entry(chance: random.Random, feed: int, place: int) -> dict[str, str]:
    words = "-".join(chance.choices(_WORDS, k=5))
    link = f"https://site{feed}.example/{2026 - place % 5}/{place}/{words}?utm_source=rss"
    at = _START + timedelta(hours=feed % 24, minutes=37 * place)
    return {
        "title": " ".join(chance.choices(_WORDS, k=8)).capitalize(),
        "link": link,
        "guid": f"tag:site{feed}.example,2026:{place}",
        "html": _body(chance, link),
        "rfc822": format_datetime(at),
        "iso": at.isoformat(),
        "author": chance.choice(_WORDS).title(),
        "category": chance.choice(_WORDS),
    }


def _body(chance: random.Random, link: str) -> str:
    def words(count: int) -> str:
        return " ".join(chance.choices(_WORDS, k=count))

    site = link.partition("?")[0]
    picture = f"https://img.example/{chance.randrange(10**6)}.jpg"
    return (
        f'<p><img class="aligncenter" src="{picture}" alt="{words(4)}" width="640" height="360" /></p>\n'
        f'<p>{words(40).capitalize()}, <a href="{escape(link)}">{words(4)}</a> {words(25)} '
        f"&#8220;{words(8)}&#8221;.</p>\n"
        f"<p><strong>{words(3)}</strong> {words(30)} <em>{words(3)}</em> {words(6)}&nbsp;&amp; {words(5)}.<br />"
        f"{words(20).capitalize()}.<br />\n{words(15).capitalize()}.</p>\n"
        f'<ul><li>{words(10)}</li><li><a href="{site}#part">{words(3)}</a> {words(8)}</li></ul>\n'
        f'<blockquote class="quote"><p>It’s {words(25)}—{words(8)}.</p></blockquote>\n'
        f'<p><span style="font-weight: 400;">{words(35).capitalize()}. <a href="https://other.example/{words(1)}" '
        f'target="_blank" rel="noopener">{words(2)}</a> {words(20)}&#8217;s {words(3)}.</span></p>\n'
        f'<div id="more"><br />{words(45).capitalize()}&#8230; <a href="{site}#comments">{words(3)}</a></div>\n'
    )


def _rss(number: int, entries: list[dict[str, str]]) -> str:
    items = "".join(
        f"<item><title>{escape(e['title'])}</title><link>{escape(e['link'])}</link>"
        f'<guid isPermaLink="false">{e["guid"]}</guid><pubDate>{e["rfc822"]}</pubDate>'
        f"<dc:creator>{e['author']}</dc:creator><category>{e['category']}</category>"
        f"<description>{escape(e['html'])}</description></item>"
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<channel><title>Site {number}</title><link>https://site{number}.example/</link>"
        f"<description>Bench</description><language>en-us</language>{items}</channel></rss>"
    )


def _atom(number: int, entries: list[dict[str, str]]) -> str:
    items = "".join(
        f'<entry><title>{escape(e["title"])}</title><link rel="alternate" href="{escape(e["link"])}"/>'
        f"<id>{e['guid']}</id><published>{e['iso']}</published><updated>{e['iso']}</updated>"
        f'<author><name>{e["author"]}</name></author><category term="{e["category"]}"/>'
        f'<content type="html">{escape(e["html"])}</content></entry>'
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f'<title>Site {number}</title><link href="https://site{number}.example/"/>'
        f"<id>tag:site{number}.example,2026:feed</id><updated>{entries[0]['iso']}</updated>{items}</feed>"
    )


def _rdf(number: int, entries: list[dict[str, str]]) -> str:
    sequence = "".join(f'<rdf:li rdf:resource="{escape(e["link"])}"/>' for e in entries)
    items = "".join(
        f'<item rdf:about="{escape(e["link"])}"><title>{escape(e["title"])}</title><link>{escape(e["link"])}</link>'
        f"<description>{escape(e['html'])}</description><dc:creator>{e['author']}</dc:creator>"
        f"<dc:date>{e['iso']}</dc:date><dc:subject>{e['category']}</dc:subject></item>"
        for e in entries
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<channel rdf:about="https://site{number}.example/"><title>Site {number}</title>'
        f"<link>https://site{number}.example/</link><description>Bench</description>"
        f"<dc:language>en</dc:language><items><rdf:Seq>{sequence}</rdf:Seq></items></channel>{items}</rdf:RDF>"
    )


_FORMATS: dict[str, Callable[[int, list[dict[str, str]]], str]] = {"rss": _rss, "atom": _atom, "rdf": _rdf}
