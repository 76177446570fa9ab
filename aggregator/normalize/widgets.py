"""Share buttons and the boxes they come in, found in HTML that a sanitiser wrote and taken out."""

import html
import re
from collections import Counter

_SHARE_URL = (
    r"(?:https?:)?//(?:[\w-]+\.)*(?:"
    r"(?:twitter|x)\.com/(?:home\?status|share|intent/)"
    r"|facebook\.com/(?:sharer|share\.php|dialog/(?:feed|share))"
    r"|linkedin\.com/(?:shareArticle|sharing/)|reddit\.com/submit|pinterest\.[a-z.]+/pin/create"
    r"|(?:plus\.)?google\.com/(?:share|bookmarks/mark|buzz/post)|tumblr\.com/(?:share|widgets/share)|digg\.com/submit"
    r"|stumbleupon\.com/submit|del(?:\.)?icio(?:\.)?us(?:\.com)?/(?:post|save)|getpocket\.com/(?:save|edit)"
    r"|(?:api\.whatsapp|wa)\.(?:com/send|me/)|t(?:elegram)?\.me/share|news\.ycombinator\.com/submitlink"
    r"|vk(?:ontakte)?\.(?:com|ru)/share|connect\.ok\.ru|service\.weibo\.com/share|b\.hatena\.ne\.jp/(?:entry|add)"
    r"|line\.me/R/msg|instapaper\.com/hello2|addthis\.com/bookmark|addtoany\.com/(?:share|add_to)|sharethis\.com"
    r"|feeds\.wordpress\.com/1\.0/(?:go)?[a-z]+/|[\w.-]+/~ff/|da\.feedsportal\.com|(?:rss|share)\.feedsportal\.com)"
)
# A link that shows nothing but an icon.
_SHARE_ICON = re.compile(
    rf'<a(?: class="[^"]*")? href="{_SHARE_URL}[^"]*"[^>]*>(?:\s|<img[^>]*>|<br>|</?(?:i|b|em|strong)>)*</a>',
    re.IGNORECASE,
)
_BOX = re.compile(r'<(aside|div|figure|footer|ol|p|section|table|ul)[^>]*? class="([^"]*)"[^>]*>')
_BOX_CLASS = re.compile(
    r"(?:^|[\s_-])(?:share|shares|sharing|sharer|sharebar|sharebuttons?|sharedaddy|sharethis|shareaholic|social|socials"
    r"|sociable|socialmedia|addtoany|a2a|addthis|feedflare|mf-viral|jp-relatedposts|tweetmeme)(?:$|[\s_-])",
    re.IGNORECASE,
)
_LINKED = re.compile(r"<a[ >].*?</a>", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")
_MOST_WORDS = 60  # characters beside links that a box of buttons may have; more is an article with an odd class
_MOST_LABELS = 400  # characters of link labels


def without_widgets(well_formed: str, removed: Counter[str]) -> str:
    """Return the HTML less share links that are only an icon, and boxes that by class and content are share buttons.

    ``removed`` counts them.
    """
    if "<a" in well_formed:
        well_formed, icons = _SHARE_ICON.subn("", well_formed)
        _count(removed, icons)
    return _without_boxes(well_formed, removed) if ' class="' in well_formed else well_formed


def _without_boxes(well_formed: str, removed: Counter[str]) -> str:
    kept: list[str] = []
    done = 0
    for box in _BOX.finditer(well_formed):
        if box.start() < done or not _BOX_CLASS.search(box.group(2)):
            continue
        end = element_end(well_formed, box.group(1), box.end())
        if _is_buttons(well_formed[box.end() : end]):
            kept.append(well_formed[done : box.start()])
            done = end
    _count(removed, len(kept))
    return "".join(kept) + well_formed[done:]


def _count(removed: Counter[str], widgets: int) -> None:
    if widgets:
        removed["share-widget"] += widgets


def element_end(well_formed: str, tag: str, start: int) -> int:
    """Where the element ends whose start tag ends at ``start``."""
    depth = 1
    for found in re.compile(rf"<(/?){tag}[ >]").finditer(well_formed, start):
        depth += -1 if found.group(1) else 1
        if depth == 0:
            return found.end()
    return len(well_formed)


def _is_buttons(inner: str) -> bool:
    return _letters(_LINKED.sub("", inner)) <= _MOST_WORDS and _letters(inner) <= _MOST_LABELS


def _letters(markup: str) -> int:
    return len("".join(html.unescape(_TAGS.sub("", markup)).split()))
