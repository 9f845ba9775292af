"""The board as HTML. It is complete without JavaScript; the script only replaces it when the class has moved on."""

from __future__ import annotations

from functools import cache
from html import escape
from importlib.resources import files

from novasim.classroom.board import Board, Row
from novasim.render.content_policy import write_policy

MARK = "<!-- board -->"
SIGNS = {"done": "✓", "not yet": "…", "broken": "lost"}


def write_page(board: Board, url: str, has_names: bool) -> bytes:
    """
    The page.

    Args:
        url: That of the server, for the line to join. has_names: Whether it shows each student.
    """
    return _read_template().replace(MARK, write_board(board, url, has_names)).encode()


@cache
def _read_template() -> str:
    return files("novasim.serve.classroom").joinpath("board.html").read_text("utf-8")


@cache
def find_policy() -> str:
    """The Content-Security-Policy of the page."""
    return write_policy(_read_template())


def write_board(board: Board, url: str, has_names: bool) -> str:
    """The part of the page that changes."""
    return "\n".join(filter(None, (_head(board), _goals(board), _refusal(board), _rows(board, has_names), _join(url))))


def _head(board: Board) -> str:
    counts = f"{board.joined} of {board.students} students have joined"
    if board.goals:
        counts += f", {board.finished} have done all goals"
    return f"<h1>{escape(board.lesson or 'The class')}</h1>\n<p class=soft>{counts}</p>"


def _goals(board: Board) -> str:
    if not board.goals:
        return ""
    return f"<ol>\n{''.join(_goal(goal.text, goal.done, board.students) for goal in board.goals)}</ol>"


def _goal(text: str, done: int, students: int) -> str:
    label = f"{done} of {students}"
    meter = f'<meter min="0" max="{students}" value="{done}" aria-label="{label}"></meter>'
    return f'<li><span>{escape(text)}</span>{meter}<span class="count">{label}</span></li>\n'


def _refusal(board: Board) -> str:
    if not board.refusal:
        return ""
    times = "once" if board.refused == 1 else f"{board.refused} times"
    return f'<p>Refused most often: <span class="refused">{escape(board.refusal)}</span> ({times})</p>'


def _rows(board: Board, has_names: bool) -> str:
    if not has_names:
        return ""
    heads = "".join(f'<th scope="col">{goal.number}</th>' for goal in board.goals)
    rows = "".join(_row(row) for row in board.rows)
    return (
        f'<table><thead><tr><th scope="col">Student</th>{heads}<th scope="col">Hints</th></tr></thead>\n'
        f"<tbody>\n{rows}</tbody></table>"
    )


def _row(row: Row) -> str:
    cells = "".join(f"<td>{SIGNS.get(state, '')}</td>" for state in row.goals)
    name = f'<a href="{escape(row.page)}">{escape(row.full_name)}</a>'
    return f"<tr><td>{name}</td>{cells}<td>{row.hints or ''}</td></tr>\n"


def _join(url: str) -> str:
    return f"<h2>To join</h2>\n<p><code>{escape(url)}/join</code></p>"
