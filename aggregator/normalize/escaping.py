"""Text in Markdown: what CommonMark would read as more than text gets a backslash, and nothing else does.

Special characters travel through the converter as stand-ins, noncharacters that clean text has none of, and come out
with their backslash. The position decides: a hyphen means nothing but at the start of a line.
"""

import re
from html import escape, unescape

from aggregator.text.plain import LINE_TAGS, PARAGRAPH_TAGS

_SPECIALS = "\\`*_<>[]&!#+-.)=~|:"
_STAND_INS = {character: chr(0xFDD0 + number) for number, character in enumerate(_SPECIALS)}
# The converter would escape these where nothing has to be.
_BARE = {"\\": "\ufdef", "[": "\ufdee", "]": "\ufded"}
_SHOWN = {stand_in: "\\" + character for character, stand_in in _STAND_INS.items()}
_SHOWN |= {stand_in: character for character, stand_in in _BARE.items()}
_BARE_BRACKETS = str.maketrans({bracket: _BARE[bracket] for bracket in "[]"})
_ANY_STAND_IN = re.compile("[\ufdd0-\ufdef]")

# Anywhere in a line. A mark at the end of a piece of text may meet anything, so it is escaped there. Each alternative
# begins with a letter of its own, which is what makes the search fast.
_INLINE = (
    "\\\\(?=[!-/:-@\\[-`{-~\ufdd0-\ufdef]|\\s*\\Z)"
    r"|`|\*(?!(?<=\s\*)\s)|_+|~~+"
    r"|<(?=[a-zA-Z/!?]|\Z)|&(?=#|[a-zA-Z][a-zA-Z0-9]{1,31};|\Z)"
    r"|\](?=[(\[:]|\Z)|!(?=\[)"
)
_SPECIAL = re.compile(r"[\\`*_~<&\]!\[#]")  # what any of them begins with: a set is five times as quick to look for
_IN_TEXT = re.compile(_INLINE)
_IN_LINK = re.compile(rf"{_INLINE}|\[|\]")
_IN_HEADING = re.compile(rf"{_INLINE}|#(?<=[\s#]#)")  # a closing sequence of hashes would vanish
# Where a line begins: heading, quote, list, fence, and the lines that underline a heading or rule a table. The group is
# what to escape.
_LINE_START = re.compile(
    r"(?:[0-9]{1,9}(?=[.)](?:\s|\Z))|(?=#{1,6}(?:\s|\Z)|>|[-+](?:\s|\Z)|[-=|:][-=|:\s]*\Z|~~~))(.)"
)

_SPACES = re.compile(r"\s+")
_NAME = re.compile(r"</?([a-z0-9]+)")
_NOTE = re.compile(r'class="(fn|note)-([0-9]+)"')
_ALT = re.compile(r'(?<= alt=")[^"]*')
_ONE_CODE = re.compile(r"(?<=[</])(?:kbd|samp|tt)(?=[ >])")
_BLOCKS = PARAGRAPH_TAGS | LINE_TAGS | {"td", "th"}
_HOLDS_WORDS = frozenset({"<a ", "</a", "<co", "</c", "<kb", "</k"})
_CODE = frozenset({"code", "kbd", "pre", "samp", "tt"})
# What Markdown can only write on one line.
_LINES = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "td", "th"})
# The converter would emphasise these, or take them for a part of a line.
_PLAIN = frozenset({"caption", "dd", "dl", "dt", "figcaption", "figure", "summary"})


# Tags that are written as they are, and whether a line begins after them.
_QUICK = {f"<{slash}{name}>": True for name in _BLOCKS - _LINES - _PLAIN - _CODE for slash in ("", "/")}
_QUICK |= {f"<{slash}{name}>": False for name in ("b", "em", "i", "strong") for slash in ("", "/")}
_STARTERS = frozenset("0123456789#>-+=|:~")
_NOTABLE = re.compile(r"[\\`*_~<&\]!\[#\n\t]")


def hidden(tokens: list[str]) -> str:
    """Return the HTML, given as text and tags by turns, with every special character of its text as a stand-in."""
    walk = Walk()
    tokens = ["", *tokens, ""]  # each text between two tags
    pieces: list[str] = []
    for number in range(1, len(tokens), 2):
        tag, text = tokens[number - 1], tokens[number]
        if tag:
            pieces.append(walk.quick_tag(tag) or _with_edge(walk.tag(tag), tag, tokens[number - 2], text))
        if text:
            pieces.append(walk.quick_text(text) or walk.text(text, tokens[number + 1]))
    return "".join(pieces)


def _with_edge(shown_tag: str, tag: str, before: str, after: str) -> str:
    """The tag and the space inside it, which the converter would drop, and so join two words."""
    if tag[:3] not in _HOLDS_WORDS:
        return shown_tag
    if tag[1] == "/":
        return shown_tag + " " * before[-1:].isspace()
    return " " * after[:1].isspace() + shown_tag


def shown(markdown: str) -> str:
    """Return the Markdown with stand-ins as what they stand for."""
    if markdown.isascii():
        return markdown
    return _ANY_STAND_IN.sub(lambda found: _SHOWN.get(found.group(), ""), markdown)


def alternative(value: str) -> str:
    """Return what an image's attribute says as the label that Markdown has for it."""
    return shown(_hidden_alt(value))


class Walk:
    """Knows, token by token, whether it is at a line's start, in a link, in code, in a heading."""

    __slots__ = ("_code", "_in_label", "at_start", "in_link", "line")

    def __init__(self) -> None:
        self.at_start = True
        self._code: list[str] = []  # the code elements now open
        self._in_label = False  # in the number of a footnote, which its class says too
        self.in_link = False
        self.line = 0  # the elements now open that hold one line

    def quick_tag(self, token: str) -> str:
        """The tag, where it is one of the many that change little; nothing where ``tag`` has to look at it."""
        if token not in _QUICK or self.line or self.in_link or self._code or self._in_label:
            return ""
        self.at_start = _QUICK[token]
        return token

    def quick_text(self, token: str) -> str:
        """The text, where nothing in it could be markup; nothing where ``text`` has to look at it."""
        if self._code or self._in_label:
            return ""
        if self.at_start and (token[0] in _STARTERS or token[0].isspace()):
            return ""
        if "  " in token or _NOTABLE.search(token):
            return ""
        self.at_start = False
        return token

    def text(self, token: str, following: str) -> str:
        if self._in_label:
            return ""
        if not token or self._code:
            return token.translate(_BARE_BRACKETS) if self.in_link else token
        text = unescape(token) if "&" in token else token
        if "\n" in text or "  " in text or "\t" in text:
            text = _SPACES.sub(" ", text)
        if self.at_start:
            text = text.lstrip()
            if not text:
                return ""
            text = _LINE_START.sub(_hide_group, text, count=1) if _LINE_START.match(text) else text
            self.at_start = False
        if text[-1] == "!" and following.startswith("<a"):
            text = text[:-1] + _STAND_INS["!"]  # or the link would be an image
        if self.in_link:
            return _hide(text, _IN_LINK)
        return _hide(text, _IN_HEADING if self.line else _IN_TEXT)

    def tag(self, token: str) -> str:
        name = _tag_name(token)
        step = -1 if token[1] == "/" else 1
        if name == "q":
            return '"'
        if name in _CODE and not (name == "pre" and self._is_one_line()):
            return self._code_tag(token, name, step)
        if self._code:
            return "\n" if name in _BLOCKS else ""
        if name in _BLOCKS:
            return self._block_tag(token, name, step)
        if name == "sup":
            return self._note_tag(token)
        self.at_start = False
        if name == "a":
            self.in_link = step > 0
        return _ALT.sub(_hide_alt, token) if name == "img" else token

    def _note_tag(self, token: str) -> str:
        note = _NOTE.search(token)
        self._in_label = note is not None and not self.in_link
        if note is None or self.in_link:
            return ""
        kind, number = note.groups()
        self.at_start = False
        return f"{_BARE['[']}^{number}{_BARE[']']}" + (":" if kind == "note" else "")

    def _block_tag(self, token: str, name: str, step: int) -> str:
        holds_a_line = name in _LINES
        if holds_a_line and not self.in_link:
            self.line += step
        if self.in_link or self.line > (step > 0 and holds_a_line):
            return " "
        self.at_start = True
        if name in _PLAIN:
            return "<div>" if step > 0 else "</div>"
        return token

    def _is_one_line(self) -> bool:
        return self.in_link or self.line > 0

    def _code_tag(self, token: str, name: str, step: int) -> str:
        self.at_start = name == "pre"
        if step < 0:
            self._code.pop()
        # Code within code says nothing more, but for the pair that every highlighter writes.
        kept = not self._code or (self._code == ["pre"] and name == "code")
        if step > 0:
            self._code.append(name)
        return _ONE_CODE.sub("code", token) if kept else ""


def _tag_name(token: str) -> str:
    name = _NAME.match(token)
    return name.group(1) if name else ""


def _hide(text: str, specials: re.Pattern[str]) -> str:
    if _SPECIAL.search(text) is None:
        return text
    text = specials.sub(_stand_ins, text)
    if "&" in text or "<" in text:
        text = text.replace("&", "&amp;").replace("<", "&lt;")
    return text.replace("\\", _BARE["\\"])


def _stand_ins(match: re.Match[str]) -> str:
    found = match.group()
    if found[0] == "_" and _is_in_word(match):
        return found
    return "".join(map(_STAND_INS.__getitem__, found))


def _is_in_word(match: re.Match[str]) -> bool:
    before, after = match.string[max(0, match.start() - 1) : match.start()], match.string[match.end() : match.end() + 1]
    return before.isalnum() and after.isalnum()


def _hide_group(match: re.Match[str]) -> str:
    return match.group()[:-1] + _STAND_INS[match.group(1)]


def _hide_alt(match: re.Match[str]) -> str:
    return escape(_hidden_alt(match.group()))


def _hidden_alt(value: str) -> str:
    return _hide(unescape(value), _IN_LINK).replace("&amp;", "&").replace("&lt;", "<")
