"""Writes the report as one HTML page. It needs neither script nor network, and names are only text in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from novasim.render.content_policy import hash_elements
from novasim.teach.graph.colours import kind_of
from novasim.teach.report.facts import Facts
from novasim.teach.report.picture import COLOURS, draw_picture
from novasim.teach.report.style import style_sheet
from novasim.teach.report.tables import escape, list_coverage, list_hosts, list_quotas, list_refusals, list_servers

TITLE = "Report on a simulated cloud"
DARK, DARK_ON_SCREEN = "@media (prefers-color-scheme: dark)", "@media screen and (prefers-color-scheme: dark)"
SECTIONS = {
    "picture": "Statuses",
    "servers": "Servers",
    "refusals": "Refusals",
    "hosts": "Hosts",
    "quotas": "Quotas",
    "coverage": "Coverage",
}


def write_report(facts: Facts) -> str:
    """The page. The same facts give the same bytes."""
    body = "\n".join(_list_parts(facts))
    style = f"<style>{style_sheet()}</style>"
    policy = f"default-src 'none'; style-src {hash_elements(style + body, 'style')}"
    head = (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{TITLE}</title>\n{style}\n</head>\n<body>\n"
    )
    return f"{head}{body}\n</body>\n</html>\n"


def _list_parts(facts: Facts) -> Iterator[str]:
    yield f"<header>\n<h1>{TITLE}</h1>"
    yield f'<p class="soft">{_describe_times(facts)}</p>'
    links = "".join(f'<a href="#{name}">{title}</a>' for name, title in SECTIONS.items())
    yield f"<nav>{links}</nav>\n</header>\n<main>"
    yield from _list_summary(facts)
    yield from _section("picture", _list_picture(facts))
    yield from _section("servers", list_servers(facts.servers))
    yield from _section("refusals", list_refusals(facts))
    yield from _section("hosts", list_hosts(facts.hosts))
    yield from _section("quotas", list_quotas(facts.quotas))
    yield from _section("coverage", list_coverage(facts.entries))
    yield "</main>"


def _section(name: str, content: Iterator[str]) -> Iterator[str]:
    yield f'<section id="{name}" aria-labelledby="{name}-title">\n<h2 id="{name}-title">{SECTIONS[name]}</h2>'
    yield from content
    yield "</section>"


def _describe_times(facts: Facts) -> str:
    first, last = (time.replace("T", " ") for time in facts.times)
    if not last:
        return "Nothing has happened in this cloud yet."
    return f"From <time>{first}</time> to <time>{last}</time> of simulated time (UTC)."


def _list_summary(facts: Facts) -> Iterator[str]:
    """Figures in cards: servers, statuses, hosts, and what the record has."""
    statuses = Counter(server.status for server in facts.servers)
    refused = "-" if facts.entries is None else str(len(facts.refusals))
    down = sum("down" in host.state for host in facts.hosts)
    cards = [
        (str(len(facts.servers)), "server" if len(facts.servers) == 1 else "servers"),
        (refused, "refusal" if refused == "1" else "refusals"),
        (f"{len(facts.hosts) - down} of {len(facts.hosts)}", "hosts up"),
    ]
    yield '<ul class="cards">'
    for figure, word in cards:
        yield f"<li><b>{figure}</b>{word}</li>"
    for status, count in statuses.most_common():
        yield f'<li><b>{count}</b><span class="pill {kind_of(status)}">{status}</span></li>'
    yield "</ul>"


def _list_picture(facts: Facts) -> Iterator[str]:
    picture = draw_picture(facts.servers, facts.projects).replace(DARK, DARK_ON_SCREEN)
    yield f'<figure>\n<div class="scroll">{picture}</div>'
    yield "<figcaption>Each circle is a server, in the colour of its project. A click leads to its row.</figcaption>"
    yield '<ul class="key" aria-label="Projects">'
    for number, project in enumerate(facts.projects[:24]):
        circle = f'<svg class="p{number % COLOURS}" viewBox="0 0 14 14"><circle cx="7" cy="7" r="7"/></svg>'
        yield f"<li>{circle}{escape(project)}</li>"
    yield "</ul>\n</figure>"
