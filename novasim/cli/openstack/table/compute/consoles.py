"""The commands `console log` and `console url`."""

from __future__ import annotations

from novasim.cli.openstack.call import Call
from novasim.cli.openstack.formats import Output
from novasim.cli.openstack.operations import show_item
from novasim.cli.openstack.rows import OBJECT, Row

KINDS = {
    "novnc": ("vnc", "novnc"),
    "xvpvnc": ("vnc", "xvpvnc"),
    "spice": ("spice", "spice-html5"),
    "spice_direct": ("spice", "spice-direct"),
    "rdp": ("rdp", "rdp-html5"),
    "serial": ("serial", "serial"),
    "mks": ("mks", "webmks"),
}
"""Protocol and type of a console by the option that asks for it."""
CONSOLE_MINOR = 99


def show_log(call: Call) -> None:
    """Show the end of a server's console output."""
    body = call.act(
        call.find_id("server", call.args.server), "os-getConsoleOutput", {"length": call.args.lines}, minor=1
    )
    if text := body.get("output"):
        call.print_text(text)


def show_url(call: Call) -> Output:
    """Show the URL of a server's console."""
    id = call.find_id("server", call.args.server)
    key = next((key for key in KINDS if getattr(call.args, key)), "novnc")
    protocol, kind = KINDS[key]
    body = {"remote_console": {"protocol": protocol, "type": kind}}
    response = call.send("POST", f"/servers/{id}/remote-consoles", body, minor=CONSOLE_MINOR)
    return show_item(response.body["remote_console"], "protocol type url")


ROWS = (
    Row("console log show", "<server> [--lines <#count>]", "Show the console output of a server.", show_log),
    Row(
        "console url show",
        "<server> [--novnc | --xvpvnc | --spice | --spice-direct | --rdp | --serial | --mks]",
        "Show the URL of a server's console.",
        show_url,
        OBJECT,
    ),
)
