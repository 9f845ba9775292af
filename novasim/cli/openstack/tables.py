"""Tables of plain text as the real client draws them."""

from __future__ import annotations

from collections.abc import Sequence

Lines = list[str]


def draw_table(
    titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[bool], width: int = 0, min_width: int = 8
) -> str:
    """
    A table with borders.

    Args:
        right: For each column whether it is aligned to the right. Without rows, titles are centred.
        width: Characters that it may be wide; 0 for any width. Columns wider than their share are broken, but not to
            less than *min_width* or than their title.
    """
    natural = [max(_width(text) for text in column) for column in zip(titles, *rows, strict=True)]
    limits = _limits(natural, width, min_width) if width else {}
    least = [_width(title) for title in titles]  # titles are not broken
    widths = [max(least[index], min(each, limits.get(index, each))) for index, each in enumerate(natural)]
    cells = [[_wrap(text, widths[index]) for index, text in enumerate(row)] for row in (titles, *rows)]
    border = "+" + "".join("-" * (each + 2) + "+" for each in widths)
    drawn = [_draw_row(row, widths, right) for row in cells]
    return "\n".join([border, drawn[0], border, *drawn[1:], border])


def _draw_row(row: Sequence[Lines], widths: Sequence[int], right: Sequence[bool]) -> str:
    height = max(map(len, row))
    lines = []
    for number in range(height):
        texts = [lines[number] if number < len(lines) else "" for lines in row]
        parts = [
            _align(text, width, right[i] if right else None)
            for i, (text, width) in enumerate(zip(texts, widths, strict=True))
        ]
        lines.append("|" + "".join(f" {part} |" for part in parts))
    return "\n".join(lines)


def _align(text: str, width: int, right: bool | None) -> str:
    spare = width - cell_width(text)
    if right is None:
        return " " * (spare // 2) + text + " " * (spare - spare // 2)
    return " " * spare + text if right else text + " " * spare


def cell_width(text: str) -> int:
    """The columns of a terminal that a line takes."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def _wrap(text: str, width: int) -> Lines:
    lines = text.split("\n")
    if all(cell_width(line) <= width for line in lines):
        return lines
    from textwrap import fill

    return [part for line in lines for part in (fill(line, width) if cell_width(line) > width else line).split("\n")]


def _width(text: str) -> int:
    return max(map(cell_width, text.split("\n")))


def _limits(natural: Sequence[int], width: int, min_width: int) -> dict[int, int]:
    """The widths of the columns that are wider than an equal share, if the table is wider than *width*."""
    if sum(natural) + 3 * len(natural) + 1 <= width:
        return {}
    usable = max(0, width - 1 - 3 * len(natural))
    share = usable // len(natural)
    wide = [index for index, each in enumerate(natural) if each > share]
    left = usable - sum(each for each in natural if each <= share)
    equal = left // len(wide)
    limits = dict.fromkeys(wide[:-1], max(min_width, equal))
    return {**limits, wide[-1]: max(min_width, left - equal * (len(wide) - 1))}
