"""A record's body as plain text: for terminals, mails and programs that have no use for Markdown."""

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from rich.cells import cell_len

Links = Literal["footnotes", "drop"]

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_UNDERLINES = {"h1": "=", "h2": "-"}
_RULE = "* * *"


def body_text(markdown: str, *, links: Links = "footnotes", width: int | None = None) -> str:
    """Return what Markdown says as text; blank lines part its paragraphs, lists, quotes, code and tables have a shape.

    A link is its words and a number, ``word [1]``, that stands with the address at the end; or its words alone. Lines
    have at most ``width`` characters where words, tables and code allow it; by default a paragraph is one line.
    """
    rendering = _Rendering(links)
    body = rendering.blocks(SyntaxTreeNode(_MARKDOWN.parse(markdown)).children, width)
    # The words of a link or a picture may begin with a line end.
    return "\n\n".join(filter(None, ("\n".join(body), "\n".join(rendering.notes)))).strip("\n")


class _Rendering:
    """Knows which addresses have been met."""

    def __init__(self, links: Links) -> None:
        self._has_notes = links == "footnotes"
        self._addresses: dict[str, int] = {}
        self._block: Mapping[str, Callable[[SyntaxTreeNode, int | None], list[str]]] = {
            "heading": self._heading,
            "paragraph": self._paragraph,
            "blockquote": self._quote,
            "bullet_list": self._list,
            "ordered_list": self._list,
            "table": self._table,
            "hr": lambda *_: [_RULE],
        }

    @property
    def notes(self) -> Iterable[str]:
        return (f"[{number}] {address}" for address, number in self._addresses.items())

    def blocks(self, nodes: Iterable[SyntaxTreeNode], width: int | None, *, tight: bool = False) -> list[str]:
        """Return the lines of blocks, a blank one between them unless they stand ``tight``."""
        lines: list[str] = []
        for node in nodes:
            block = self._block.get(node.type, self._code)(node, width)
            if lines and block and not tight:
                lines.append("")
            lines += block
        return lines

    def _heading(self, node: SyntaxTreeNode, width: int | None) -> list[str]:
        lines = self._paragraph(node, width)
        underline = _UNDERLINES.get(node.tag, "") * max(map(cell_len, lines), default=0)
        return [*lines, underline] if underline else lines

    def _paragraph(self, node: SyntaxTreeNode, width: int | None) -> list[str]:
        return _wrapped(self._inline(node), width)

    def _quote(self, node: SyntaxTreeNode, width: int | None) -> list[str]:
        return [f"> {line}".rstrip() for line in self.blocks(node.children, _less(width, 2))]

    def _list(self, node: SyntaxTreeNode, width: int | None) -> list[str]:
        first = int(node.attrs.get("start", 1))
        lines: list[str] = []
        is_tight = all(child.hidden for item in node.children for child in item.children if child.type == "paragraph")
        for number, item in enumerate(node.children, first):
            mark = f"{number}. " if node.type == "ordered_list" else "- "
            inner = self.blocks(item.children, _less(width, len(mark)), tight=is_tight) or [""]
            if lines and not is_tight:
                lines.append("")
            lines += [f"{mark}{inner[0]}".rstrip(), *(f"{' ' * len(mark)}{line}".rstrip() for line in inner[1:])]
        return lines

    def _code(self, node: SyntaxTreeNode, _: int | None) -> list[str]:
        return [f"    {line}".rstrip() for line in node.content.rstrip("\n").split("\n")]

    def _table(self, node: SyntaxTreeNode, _: int | None) -> list[str]:
        rows = [row for part in node.children for row in part.children]
        cells = [[" ".join(self._inline(cell).split()) for cell in row.children] for row in rows]
        widths = [max(map(cell_len, column)) for column in zip(*cells, strict=True)]
        lines = [_row(row, widths) for row in cells]
        return [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]

    def _inline(self, node: SyntaxTreeNode) -> str:
        return "".join(map(self._said, node.children))

    def _said(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "softbreak":
                return " "
            case "hardbreak":
                return "\n"
            case "image":
                return self._with_note(f"[{node.content}]" if node.content else "[image]", str(node.attrs["src"]))
            case "link":
                return self._with_note(self._inline(node), str(node.attrs["href"]))
        return self._inline(node) if node.children else node.content

    def _with_note(self, said: str, address: str) -> str:
        if not self._has_notes or said in (address, address.removeprefix("mailto:")):
            return said
        return f"{said} [{self._addresses.setdefault(address, len(self._addresses) + 1)}]"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _wrapped(text: str, width: int | None) -> list[str]:
    lines = [line.strip() for line in text.split("\n")] if text else []
    if width is None:
        return lines
    return [
        part
        for line in lines
        for part in textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) or [""]
    ]


def _less(width: int | None, taken: int) -> int | None:
    return None if width is None else max(20, width - taken)
