"""What leads out of an article and stands within its element: lists of other articles, contents, offers."""

from itertools import islice, takewhile

from aggregator.extract.clutter import is_part, rules
from aggregator.extract.tree import HEADINGS, Element, inside, said, take_out
from aggregator.extract.weight import Weights

_SHORT = 90  # characters of a label
_MOST_UNDER_LABEL = 0.15  # of the article's prose
_MOST_IN_CARDS = 0.3
_LARGEST_CARD = 400  # characters
_LONGEST_POINTER = 300
_LINKED = 0.7  # of a list's text
_LISTS = frozenset({"div", "dl", "nav", "ol", "section", "ul"})
_LABELS = HEADINGS | {"b", "div", "p", "span", "strong"}
_CARDS = frozenset({"a", "article", "div", "figure", "li", "section", "span"})
_POINTERS = HEADINGS | {"div", "li", "p"}


def drop_elsewhere(article: Element, weights: Weights) -> None:
    """Take out what leads elsewhere, by what it says and by how much of it is links."""
    _drop_labelled(article, weights)
    _drop_cards(article, weights)
    for each in inside(article):
        if _is_list_of_links(each, weights) or _is_column_of_links(each, article, weights) or _leads_on(each, weights):
            take_out(each)


def _drop_labelled(article: Element, weights: Weights) -> None:
    most = _MOST_UNDER_LABEL * weights[article].prose
    for each in inside(article):
        if each.tag in _LABELS and 0 < weights[each].text <= _SHORT and rules().labels.fullmatch(said(each)):
            top = _alone_in(each, article, weights)
            under = _under(top, each.tag)
            if sum(weights[one].prose for one in under) <= most:
                for one in (top, *under):
                    take_out(one)


def _alone_in(element: Element, article: Element, weights: Weights) -> Element:
    """The largest element that says nothing else."""
    parent = element.getparent()
    while parent in weights and parent is not article and weights[parent].text == weights[element].text:
        element, parent = parent, parent.getparent()
    return element


def _under(label: Element, tag: str) -> list[Element]:
    """What a heading stands over, up to the next one of its rank; of what is no heading, its neighbour."""
    if tag not in HEADINGS:
        return list(islice(label.itersiblings(), 1))
    return list(takewhile(lambda one: one.tag not in HEADINGS or one.tag > tag, label.itersiblings()))


def _drop_cards(article: Element, weights: Weights) -> None:
    most = _MOST_IN_CARDS * weights[article].prose
    for each in inside(article):
        if len(each) < 2 or not weights[each].linked or weights[each].prose > most or is_part(each):
            continue
        speaking = [child for child in each if weights[child].text]
        cards = [child for child in speaking if _is_card(child, weights)]
        if len(cards) >= 2 and len(cards) >= _LINKED * len(speaking):
            for card in cards:
                take_out(card)


def _is_card(element: Element, weights: Weights) -> bool:
    if element.tag not in _CARDS or weights[element].text > _LARGEST_CARD:
        return False
    return any(0 < weights[each].text <= weights[each].linked for each in element.iter(*HEADINGS))


def _is_list_of_links(element: Element, weights: Weights) -> bool:
    weight = weights[element]
    if element.tag not in _LISTS or weight.prose or weight.linked <= _LINKED * weight.text or not weight.linked:
        return False
    if is_part(element):
        return False
    links = list(element.iter("a"))
    if len(links) < 2 or next(element.iter("pre", "math", "sup", "figure"), None) is not None:
        return False
    if element.tag in ("ol", "ul") and all((link.get("href") or "").startswith("#") for link in links):
        return True  # a table of contents
    before = element.getprevious()
    return before is None or not said(before).endswith(":")


def _is_column_of_links(element: Element, article: Element, weights: Weights) -> bool:
    """Of a page that is laid out as a table."""
    weight = weights[element]
    is_linked = element.tag == "td" and weight.text > _SHORT and weight.linked > 0.6 * weight.text
    return is_linked and weight.prose < 0.1 * weights[article].prose


def _leads_on(element: Element, weights: Weights) -> bool:
    weight = weights[element]
    if element.tag not in _POINTERS or not 0 < weight.text <= _LONGEST_POINTER or 2 * weight.linked <= weight.text:
        return False
    return rules().pointers.fullmatch(said(element)) is not None
