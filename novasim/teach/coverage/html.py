"""A report on coverage as one HTML file, with the picture of the lifecycle. It needs no script and no network."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TextIO

from novasim.teach.coverage.items import MOVE, STAY, TITLES, edge_item
from novasim.teach.coverage.shell import describe_request
from novasim.teach.coverage.suggest import find_script
from novasim.teach.coverage.summary import MET, USED, Coverage, Result
from novasim.teach.coverage.text import headlines, list_rows
from novasim.teach.graph.chart import Chart, EdgeCoverage
from novasim.teach.graph.edges import all_edges
from novasim.teach.graph.svg import draw

STYLE = """
:root{color-scheme:light dark}
body{font:15px system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em}
svg{max-width:100%;height:auto}
table{border-collapse:collapse}
td,th{border-bottom:1px solid #8888;padding:.3em .8em;text-align:left}
code{font-size:13px}
.met{color:#2c8a4b}
.missing{color:#cf2f24}
summary{cursor:pointer;font-weight:600;margin:.6em 0}
"""
SIGNS = {MET: "&#10003;", "missing": "&#10007;"}


def write_html(coverage: Coverage, out: TextIO) -> None:
    """The headlines, the picture, the figures and every item."""
    out.write('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    out.write(f"<title>Coverage of the lifecycle</title>\n<style>{STYLE}</style>\n</head>\n<body>\n")
    out.write("<h1>Coverage of the lifecycle</h1>\n")
    out.writelines(f"<p>{escape(line)}</p>\n" for line in headlines(coverage))
    out.write(
        "<p>Green was met, red was not, dashed green in part. Point at the name of an action to see its command.</p>\n"
    )
    out.write(_draw_picture(coverage))
    out.writelines(f"{line}\n" for line in _list_figures(coverage))
    for name in TITLES:
        out.writelines(f"{line}\n" for line in _list_results(name, coverage))
    out.write("</body>\n</html>\n")


def _draw_picture(coverage: Coverage) -> str:
    edges = {edge_item(edge): edge for edge in all_edges()}
    found = [each for each in coverage.results if each.item in edges]
    met = frozenset(edges[each.item] for each in found if each.state == MET)
    commands = {edges[each.item]: _find_command(each) for each in found}
    return draw(Chart(all_edges(), coverage=EdgeCoverage(met, commands)))


def _find_command(result: Result) -> str:
    """The command of a move or stay; "" if only the API has a request for it."""
    script = find_script(result.item)
    return describe_request(script) if script else ""


def _list_figures(coverage: Coverage) -> Iterator[str]:
    yield "<table>\n<tr><th>Figure</th><th>Of the lifecycle</th><th>Of what you use</th><th>Out of reach</th></tr>"
    for row in list_rows(coverage):
        yield f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>"
    yield "</table>"


def _list_results(name: str, coverage: Coverage) -> Iterator[str]:
    share = coverage.share(name + USED)
    yield f"<details><summary>{TITLES[name]}: {coverage.share(name)}; of what you use: {share}</summary>\n<table>"
    for each in coverage.select(name):
        command = _find_command(each) if name in (MOVE, STAY) else ""
        cells = [SIGNS.get(each.state, ""), escape(str(each.item)), escape(each.reason or each.state)]
        row = "".join(f"<td>{cell}</td>" for cell in [*cells, f"<code>{escape(command)}</code>" if command else ""])
        yield f'<tr class="{each.state.replace(" ", "-")}">{row}</tr>'
    yield "</table></details>"
