"""Frames and media as links to the page that a reader would open."""

import re
from urllib.parse import unquote

from aggregator.normalize.shapes.tree import Element, all_of, is_in, made, replace

_ID = r"([\w-]{1,64})"
# From the address of a player to that of its page.
_PAGES = tuple(
    (re.compile(rf"(?:https?:)?//(?:www\.)?{player}", re.IGNORECASE), page)
    for player, page in (
        (
            rf"youtube(?:-nocookie)?\.com/embed/(?:videoseries)?\?.*?\blist={_ID}.*",
            r"https://www.youtube.com/playlist?list=\1",
        ),
        (rf"youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/{_ID}.*", r"https://www.youtube.com/watch?v=\1"),
        (r"player\.vimeo\.com/video/(\d{1,20}).*", r"https://vimeo.com/\1"),
        (rf"(?:geo\.)?dailymotion\.com/embed/video/{_ID}.*", r"https://www.dailymotion.com/video/\1"),
        (rf"open\.spotify\.com/embed(?:-podcast)?/([a-z]+)/{_ID}.*", r"https://open.spotify.com/\1/\2"),
        (r"platform\.twitter\.com/embed/Tweet\.html\?.*?\bid=(\d{1,20}).*", r"https://twitter.com/i/status/\1"),
        (rf"codepen\.io/{_ID}/embed/(?:preview/)?{_ID}.*", r"https://codepen.io/\1/pen/\2"),
        (r"archive\.org/embed/([^?#]{1,200}).*", r"https://archive.org/details/\1"),
        (r"instagram\.com/(p|reel|tv)/([\w-]{1,64})/embed.*", r"https://www.instagram.com/\1/\2/"),
        (r"tiktok\.com/embed/(?:v2/)?(\d{1,25}).*", r"https://www.tiktok.com/embed/\1"),
        (r"embed\.podcasts\.apple\.com/(.{1,400})", r"https://podcasts.apple.com/\1"),
    )
)
# Players that are told the page.
_TOLD = re.compile(
    r"(?:https?:)?//(?:w\.soundcloud\.com/player/?|(?:www\.)?facebook\.com/plugins/\w+\.php)\?.*?\b(?:url|href)=([^&#]{1,600})",
    re.IGNORECASE,
)
_SOURCES = ("src", "data-src", "data-lazy-src", "data-litespeed-src", "data")
_SAYS_NOTHING = re.compile(r"(?:youtube|vimeo|video|embed|embedded|player|iframe|content|frame|\W)*", re.IGNORECASE)
_NO_SIZE = frozenset({"0", "1", "0px", "1px"})


def write_embeds(body: Element) -> None:
    """Write every frame and player as a paragraph with a link, named by its title or else by its address (XS-09)."""
    for embed in all_of(body, "iframe", "video", "audio", "embed", "object"):
        if not is_in(embed, body):
            continue
        source = _source(embed)
        if source and not _is_hidden(embed):
            _write(embed, page_of(source))
        elif embed.tag in ("iframe", "embed"):
            replace(embed, made("span", ""))


def page_of(source: str) -> str:
    """Return the address of what a player plays: its page where we know the player, else the player itself."""
    told = _TOLD.match(source)
    if told:
        return unquote(told.group(1))
    for player, page in _PAGES:
        if found := player.fullmatch(source):
            return found.expand(page)
    return source


def _source(embed: Element) -> str:
    for element in (embed, *all_of(embed, "source", "embed")):
        for name in _SOURCES:
            value = (element.get(name) or "").strip()
            if value and not value.startswith(("about:", "javascript:", "data:")):
                return str(value)
    return ""


def _is_hidden(embed: Element) -> bool:
    return embed.tag == "iframe" and {embed.get("width"), embed.get("height")} <= _NO_SIZE


def _write(embed: Element, page: str) -> None:
    title = (embed.get("title") or "").strip()
    before = embed.getprevious()
    if before is not None and len(before) == 1 and before[0].get("href") == page and not (before.tail or "").strip():
        replace(embed, made("span", ""))  # the same for another kind of browser
        return
    paragraph = made("p", "")
    paragraph.append(made("a", page if _SAYS_NOTHING.fullmatch(title) else title, href=page))
    replace(embed, paragraph)
