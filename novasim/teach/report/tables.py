"""The tables of the report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape as escape_html

from novasim.records.entry import Entry
from novasim.render.output import escape_controls
from novasim.teach.coverage.summary import Coverage
from novasim.teach.coverage.text import COLUMNS, headlines, list_missing, list_rows
from novasim.teach.graph.colours import kind_of
from novasim.teach.report.facts import Facts, HostFacts, QuotaFacts, ServerFacts
from novasim.teach.report.strip import draw_strip

MANY = 2500  # actions; with more, bars have no phases and titles, which take most of the space
MAX_REFUSALS = 500  # the newest ones
METER = 100  # the width of a bar of usage


def escape(text: str) -> str:
    """Text for HTML, without control characters."""
    return escape_html(escape_controls(text))


def list_servers(servers: Sequence[ServerFacts]) -> Iterator[str]:
    """A row for each server, with its lane."""
    if not servers:
        yield "<p>There are no servers. To create one: "
        yield "<code>novasim create web1 --flavor m1.tiny --image cirros</code></p>"
        return
    yield '<p class="soft">A bar is an action, divided into its phases; a red mark is a refusal or a failure. The line'
    yield "between them has the colour of the status; where it is interrupted, idle time is left out.</p>"
    yield '<table class="servers">\n<thead><tr><th>Server<th>Status<th>Where<th>What happened</tr></thead>\n<tbody>'
    has_details = sum(len(server.spans) for server in servers) <= MANY
    for server in servers:
        yield _server_row(server, has_details)
    yield "</tbody>\n</table>"


def _server_row(server: ServerFacts, has_details: bool) -> str:
    task = f"<small>{escape(server.task)} is running</small>" if server.task else ""
    notes = "".join(f'<small class="fault">{escape(note)}</small>' for note in server.notes)
    host = escape(server.host) or "-"
    return (
        f'<tr id="s{server.number}"><td class="name"><b>{escape(server.name)}</b>'
        f"<small>{escape(server.project)}</small>"
        f'<td class="state"><span class="pill {kind_of(server.shown)}">{server.shown}</span>{task}{notes}'
        f'<td class="where">{host}<small>{escape(server.flavor)}</small>'
        f'<td class="lane">{draw_strip(server.spans, server.status, has_details)}'
        f"<small>{_describe_lane(server)}</small></tr>"
    )


def _describe_lane(server: ServerFacts) -> str:
    """When its first and its last action began, and how many earlier ones are left out."""
    if not server.spans:
        return ""
    earlier = f"; {server.earlier} earlier left out" if server.earlier else ""
    return " to ".join(dict.fromkeys((server.spans[0].time, server.spans[-1].time))) + earlier


def list_refusals(facts: Facts) -> Iterator[str]:
    """A row for each refused request of the record, newest first."""
    if facts.entries is None:
        yield "<p>Only a record has refusals. To begin one: <code>novasim record start</code></p>"
        return
    if not facts.refusals:
        yield "<p>The record has no refusals.</p>"
        return
    if len(facts.refusals) > MAX_REFUSALS:
        yield f"<p>The newest {MAX_REFUSALS} of {len(facts.refusals)}. All of them: "
        yield "<code>novasim log --refused</code></p>"
    numbers = {server.id: server.number for server in facts.servers}
    rows = (_refusal_row(entry, numbers.get(entry.server)) for entry in reversed(facts.refusals[-MAX_REFUSALS:]))
    yield from _list_table(("Time", "User", "Action", "Server", "Code", "Reason"), rows)


def _refusal_row(entry: Entry, number: int | None) -> str:
    name = escape(entry.name)
    link = f'<a href="#s{number}">{name}</a>' if number else name
    time, user = entry.time[:19].replace("T", " "), (entry.user or {}).get("user", "")
    what = entry.action or f"{entry.method} {entry.path}"
    cells = [f"<time>{time}</time>", escape(str(user)), escape(what), link]
    return f'<tr><td>{"<td>".join(cells)}<td class="refused number">{entry.code}<td>{escape(entry.message)}</tr>'


def list_hosts(hosts: Sequence[HostFacts]) -> Iterator[str]:
    """A row for each host: its state and usage."""
    if not hosts:
        yield "<p>The cloud has no hosts.</p>"
        return
    names = (name for name, _, _ in hosts[0].usage)
    yield from _list_table(("Host", "State", "Servers", *names), map(_host_row, hosts))


def _host_row(host: HostFacts) -> str:
    state = f'<td class="down">{host.state}' if "down" in host.state else f"<td>{host.state}"
    return f'<tr><td>{escape(host.name)}{state}<td class="number">{host.servers}{_usage_cells(host.usage)}</tr>'


def list_quotas(quotas: Sequence[QuotaFacts]) -> Iterator[str]:
    """A row for each project that has servers: what it uses of its quotas."""
    if not quotas:
        yield "<p>No project has servers.</p>"
        return
    names = (name for name, _, _ in quotas[0].usage)
    rows = (f"<tr><td>{escape(quota.project)}{_usage_cells(quota.usage)}</tr>" for quota in quotas)
    yield from _list_table(("Project", *names), rows)


def _list_table(titles: Iterable[str], rows: Iterable[str]) -> Iterator[str]:
    """A table that scrolls where it is too wide."""
    head = "".join(f"<th>{title}" for title in titles)
    yield f'<div class="scroll"><table>\n<thead><tr>{head}</tr></thead>\n<tbody>'
    yield from rows
    yield "</tbody>\n</table></div>"


def _usage_cells(usage: Sequence[tuple[str, float, float]]) -> str:
    return "".join(f"<td>{_usage(used, total)}" for _, used, total in usage)


def _usage(used: float, total: float) -> str:
    """Figures and a bar; without a bar if there is no limit."""
    if total < 0:
        return f"{used:g} of unlimited"
    part = round(METER * min(1.0, used / total)) if total else METER
    bars = f'<rect class="free" width="{METER}" height="10" rx="4"/>'
    if part:
        bars += f'<rect class="used" width="{part}" height="10" rx="4"/>'
    return f'{used:g} of {total:g}<svg class="meter" viewBox="0 0 {METER} 10" preserveAspectRatio="none">{bars}</svg>'


def list_coverage(entries: Sequence[Entry] | None) -> Iterator[str]:
    """What was met of the lifecycle according to the record."""
    if entries is None:
        yield "<p>Only a record shows what was met of the lifecycle. To begin one: "
        yield "<code>novasim record start</code></p>"
        return
    coverage = Coverage([entries])
    for line in headlines(coverage):
        yield f"<p>{escape(' '.join(line.split()))}</p>"
    rows = (f"<tr>{''.join(f'<td>{escape(str(cell))}' for cell in row)}</tr>" for row in list_rows(coverage))
    yield from _list_table(COLUMNS, rows)
    if lines := list(list_missing(coverage)):
        yield f"<pre>{chr(10).join(map(escape, lines))}</pre>"
