"""The command request: any request of the API, also those without a command."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote

import click

from novasim import jsonutils
from novasim.api import microversions
from novasim.api.request import Response
from novasim.api.routes import MOUNTS
from novasim.cli.files import read_text
from novasim.cli.options import pass_session
from novasim.cli.session import Session
from novasim.errors import UsageError, exit_code_for
from novasim.lifecycle.microversions import RANGES
from novasim.render.output import print_json, print_line

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")


def read_body(ctx: click.Context, param: click.Parameter, text: str | None) -> Any:
    """
    The JSON document of BODY: the text itself, standard input ("-"), or a file ("@FILE").

    Raises:
        BadParameter: the text is not JSON (exit code 2).
        UsageError: the file cannot be read, or is larger than 16 MiB (exit code 2).
    """
    if text is None:
        return None
    try:
        if text == "-" or text.startswith("@"):
            text = read_text(text.removeprefix("@"))
        return jsonutils.decode_request(text)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", ctx, param) from None


@click.command()
@click.argument("method", type=click.Choice(METHODS, case_sensitive=False))
@click.argument("path")
@click.argument("body", required=False, callback=read_body)
@click.option(
    "--service", type=click.Choice(sorted(MOUNTS)), default="compute", show_default=True, help="The service to ask."
)
@click.option("--microversion", metavar="N.N", help="The microversion of compute, placement or volume.")
@click.option("-i", "--include", is_flag=True, help="Print the code and the headers before the body.")
@pass_session
def request(
    session: Session, method: str, path: str, body: Any, service: str, microversion: str | None, include: bool
) -> None:
    """
    Send a request to the API and print the body of the response as JSON.

    PATH begins below the service's root and may have a query: /servers/detail?status=ACTIVE. BODY is JSON, @FILE, or -
    for standard input. The body of an error goes to stderr, and its HTTP code decides the exit code.

    Example: novasim request POST /servers/UUID/action '{"pause": null}'
    """
    if not path.startswith("/"):
        raise click.BadParameter("a path begins with /", param_hint="PATH")
    if microversion is not None:
        session.pinned = _read_microversion(service, microversion)
    bare, _, query = path.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    response = session.send(_simple_method(method), unquote(bare), body, pairs, service=service)
    if include:
        _print_head(response)
    if response.body is not None:
        print_json(json.dumps(response.body, indent=2), is_error=response.fault is not None)
    if response.fault:
        click.get_current_context().exit(exit_code_for(response.code))


def _simple_method(method: str) -> str:
    """HEAD is answered as GET, as the web server does."""
    return "GET" if method == "HEAD" else method


def _read_microversion(service: str, text: str) -> int:
    """The minor number. Raises UsageError for a service without microversions, NovaFault for an invalid number."""
    if service not in RANGES:
        raise UsageError(f"The service {service} has no microversions; leave --microversion out.")
    return microversions.parse_minor(service, text)


def _print_head(response: Response) -> None:
    print_line(str(response.code))
    for name, value in response.headers.items():
        print_line(f"{name}: {value}")
    print_line("")
