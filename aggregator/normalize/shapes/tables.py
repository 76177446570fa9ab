"""Tables that show data as a grid with a header; tables that lay out a page as the blocks they hold."""

from aggregator.normalize.shapes.tree import Element, all_of, is_in, made, said

_BLOCKS = ("pre", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "table", "hr", "figure", "iframe", "dl")
_MOST_LETTERS = 200  # in a cell of a table without header; more is an article in columns
_MOST_SPAN = 20


def write_tables(body: Element) -> None:
    """Give tables of data a header and as many cells in each row; make all other tables and their parts blocks.

    Terms of definition lists, for which CommonMark has nothing, are strong.
    """
    for table in reversed(all_of(body, "table")):
        rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in all_of(table, "tr")]
        rows = [row for row in rows if row]
        if _is_data(table, rows):
            _fill(rows)
            _head(rows)
        else:
            _as_blocks(table)
    for term in all_of(body, "dt"):
        if is_in(term, body) and not all_of(term, "b", "strong") and said(term).strip():
            _strengthen(term)


def _is_data(table: Element, rows: list[list[Element]]) -> bool:
    if not rows or table.get("role") in ("presentation", "none") or all_of(table, "table")[1:]:
        return False
    if len(max(rows, key=len)) == 1:
        return False
    if all_of(table, "th"):
        return True
    return len(rows) > 1 and not any(_is_laid_out(cell) for row in rows for cell in row)


def _is_laid_out(cell: Element) -> bool:
    return bool(all_of(cell, *_BLOCKS)) or len(all_of(cell, "p", "br")) > 1 or len(said(cell)) > _MOST_LETTERS


def _as_blocks(table: Element) -> None:
    for part in all_of(table, "caption", "thead", "tbody", "tfoot", "tr", "td", "th"):
        if next(part.iterancestors("table")) is table:  # not those of a table of data in it
            part.tag = "div"
    table.tag = "div"


def _fill(rows: list[list[Element]]) -> None:
    """Write cells that span as one and empty ones."""
    below: dict[int, int] = {}  # by column, how many rows more a cell above reaches
    for row in rows:
        column = 0
        for cell in list(row):
            column = _skip(below, column, row, cell)
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for step in range(wide):
                if high > 1:
                    below[column + step] = high - 1
                if step:
                    _add_after(row, cell)
            column += wide


def _skip(below: dict[int, int], column: int, row: list[Element], cell: Element) -> int:
    while below.get(column, 0) > 0:
        below[column] -= 1
        empty = made(cell.tag, "")
        cell.addprevious(empty)
        row.insert(row.index(cell), empty)
        column += 1
    return column


def _add_after(row: list[Element], cell: Element) -> None:
    empty = made(cell.tag, "")
    empty.tail, cell.tail = cell.tail, None
    cell.addnext(empty)
    row.insert(row.index(cell) + 1, empty)


def _span(cell: Element, name: str) -> int:
    stated = cell.get(name) or "1"
    return min(int(stated), _MOST_SPAN) if stated.isdecimal() and stated.isascii() and len(stated) < 4 else 1


def _head(rows: list[list[Element]]) -> None:
    if any(cell.tag == "th" for cell in rows[0]):
        return
    if all(all_of(cell, "b", "strong") for cell in rows[0]):
        for cell in rows[0]:
            cell.tag = "th"
        return
    head = made("tr", "")
    for _ in max(rows, key=len):
        head.append(made("th", ""))
    rows[0][0].getparent().addprevious(head)


def _strengthen(term: Element) -> None:
    strong = made("strong", term.text or "")
    strong.extend(list(term))
    term.text = None
    term.append(strong)
