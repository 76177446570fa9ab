"""Where sentences end, in many scripts. Rules, no model: about .98 of the boundaries of news prose."""

import re

# Words before a full stop that end no sentence: English; German, Dutch, Nordic; Romance; Slavic, Turkish, Hungarian.
_SHORT_WORDS = """
mr mrs ms dr prof rev hon gov sen rep gen col capt lt maj sgt cmdr adm st mt ft jr sr vs etc inc ltd co corp dept est
approx no nos vol fig figs pp ed eds al e.g i.e cf viz jan feb mar apr jun jul aug sep sept oct nov dec
bzw ca z.b d.h u.a usw vgl str nr hr fr evtl ggf inkl zzgl mio mrd dhr mevr drs bijv o.a m.b.t bl.a f.eks t.ex
sra srta dra art cap av avda ee.uu pág núm mme mlle m.a p.ex env sig sigg dott dtt ecc pag exmo
np tzw tj ul inż tzv mj min г гг т.е т.д т.п им ул руб млн млрд тыс стр рис см др проф vb doç yrd pl ún
"""
_ABBREVIATIONS = frozenset(_SHORT_WORDS.split())
_CLOSERS = r"[\"'”’»›)\]】」』）〉》]*"
# Scripts that put no space after the mark; those that do; a blank line ends anything.
_END = re.compile(
    rf"(?:[。！？｡]+{_CLOSERS}\s*)"
    rf"|(?:[.!?…؟۔।॥။።፧։܀‽⁇⁈⁉]+{_CLOSERS}(?=\s|\Z)\s*)"
    r"|(?:\n\s*\n\s*)"
)
_LAST_WORD = re.compile(r"[^\s(\[\"'“‘«]+\Z")
_OPENS_LOWER = re.compile(r"[\"'“‘«(\[¿¡]*[a-zà-öø-ÿа-яёα-ω]")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_ORDINAL = re.compile(r"\d{1,2}")


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences of a text, without the whitespace around them, in order.

    A full stop after an abbreviation, an initial or inside a number ends none, nor does a mark that a lower-case word
    follows. Every character that is no whitespace lies in exactly one span.
    """
    spans: list[tuple[int, int]] = []
    start = len(text) - len(text.lstrip())
    for mark in _END.finditer(text, start):
        if mark.end() < len(text) and not _ends(text, start, mark):
            continue
        _add(spans, text, start, mark.end())
        start = mark.end()
    _add(spans, text, start, len(text))
    return spans


def _add(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    sentence = text[start:end].rstrip()
    if sentence:
        spans.append((start, start + len(sentence)))


def _ends(text: str, start: int, mark: re.Match[str]) -> bool:
    found = mark.group()
    if not found[0].isspace() and found[0] in ".!?…" and _OPENS_LOWER.match(text, mark.end()):
        return "\n\n" in found
    if found.rstrip() != ".":
        return True
    # The longest abbreviation is short: a bounded look back keeps this linear.
    word = _LAST_WORD.search(text, max(start, mark.start() - 20), mark.start())
    return word is None or not _abbreviates(word.group())


def _abbreviates(word: str) -> bool:
    # "am 3. Oktober" weighs more than "chapter 3. The next": two sentences in one are better than half a sentence.
    if word.lower() in _ABBREVIATIONS or _ORDINAL.fullmatch(word):
        return True
    return bool(_INITIALS.fullmatch(word)) and word != "I"
