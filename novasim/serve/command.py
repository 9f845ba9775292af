"""The command `novasim serve`."""

from __future__ import annotations

import ipaddress
from typing import Any

import click

from novasim.serve import client_settings, listener

DEFAULT_FILE = "clouds.yaml"


@click.command(short_help="Let OpenStack clients in.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", default=8774, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 is any free one."
)
@click.option("--cloud", "path", metavar="PATH", help="The cloud file, if it does not stand before the command.")
@click.option("--print-env", is_flag=True, help="Print the environment that a client needs, and end.")
@click.option(
    "--write-clouds-yaml",
    "file",
    is_flag=False,
    flag_value=DEFAULT_FILE,
    metavar="[PATH]",
    help="Write a clouds.yaml for clients, and end.",
)
@click.pass_obj
def serve(session: Any, host: str, port: int, path: str | None, print_env: bool, file: str | None) -> None:
    """
    Let OpenStack clients in: the APIs of identity, compute, image, network, volume and placement at one address.

    Commands may work on the same cloud file meanwhile; each sees what the other does. It runs until it is
    interrupted (CTRL+C, SIGTERM), and finishes what was begun.

    Example: novasim serve --port 8774
    """
    url = f"http://{_reachable(host)}:{port}"
    if print_env:
        user, _, project = session.who.rpartition("@") if "@" in session.who else (session.who, "", session.who)
        click.echo(client_settings.environment_script(url, user, project), nl=False)
    if file:
        client_settings.write_clouds_yaml(file, url)
        click.echo(f"Wrote {file}: the clouds novasim and novasim-admin at {url}.", err=True)
    if not (print_env or file):
        _serve(path or session.path, host, port)


def _serve(path: str, host: str, port: int) -> None:
    listener.require_stack()
    from novasim.control.worlds import open_cloud
    from novasim.serve.app import App

    app = App(open_cloud(path, resident=True))
    found = listener.open_socket(host, port)
    if not _is_loopback(found.getsockname()[0]):
        click.echo(
            f"novasim: warning: everybody who reaches {listener.socket_address(found)} can use this cloud; the passwords "
            "of its ready-made users are public, and nothing is encrypted.",
            err=True,
        )
    url = f"http://{listener.socket_address(found)}"
    listener.run(app, found, lambda: click.echo(f"Serving {path} at {url} (clients: OS_AUTH_URL={url}/identity/v3)"))


def _is_loopback(host: str) -> bool:
    return ipaddress.ip_address(host.partition("%")[0]).is_loopback


def _reachable(host: str) -> str:
    """The host as a client on this machine names it."""
    plain = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)
    return f"[{plain}]" if ":" in plain else plain
