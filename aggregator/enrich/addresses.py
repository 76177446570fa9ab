"""Texts without their addresses and their code, whose words are no names and say nothing of what a text is about."""

import re

_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.\w[\w.-]{0,64}", re.IGNORECASE)


# What UTF-8 looks like that was read as Windows-1252.
_MISREAD = {"â€™": "’", "â€˜": "‘", "â€œ": "“", "â€": "”"}


_CODE_LINE = re.compile(r"^(?=[^\n]*[=({})<>*])[^\n]*[;{}][ \t]*$", re.MULTILINE)
# A sign without which a text has none of them, what they are, and what stands in their place.
_MARKED = (
    ("::", re.compile(r"(?<!\w)\w+(?:::\w+)+"), " "),  # "Ferry::Dock"
    ("=", re.compile(r"(?<![\w-])[\w-]+=[\w/\"'][^\s;<>]*(?:;\w+)*"), " "),  # "ferry=Dock"
    ("@", re.compile(r"@\w[\w-]*"), " "),
    ("#", re.compile(r"#\w[\w-]*"), " "),
    ("</", re.compile(r"</?\w[^<>\n]{0,200}>"), "\n"),
)
# "class Dock < Ferry" in a text that has other signs of code.
_DECLARED = re.compile(r"(?<!\w)(?:module|class|include|extend|import|def|struct|enum|interface|namespace) [A-Z]\w+")
_SIGNS = ("::", "</", "def ", "();", "=>", "{")


def without_code(text: str) -> str:
    """Return a text without what is code or a handle: tags, declarations, lines that end in a semicolon or a brace."""
    if ";\n" in text or "}" in text:
        text = _CODE_LINE.sub("", text)
    if any(sign in text for sign in _SIGNS):
        text = _DECLARED.sub(" ", text)
    for sign, pattern, instead in _MARKED:
        if sign in text:
            text = pattern.sub(instead, text)
    return text


def without_addresses(text: str) -> str:
    """Return a text with a space for each URL and each mail address, and its quotes mended where they were misread."""
    if "â€" in text:
        for wrong, meant in _MISREAD.items():
            text = text.replace(wrong, meant)
    if "://" in text or "@" in text or "www." in text:
        return _ADDRESS.sub(" ", text)
    return text
