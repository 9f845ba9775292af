"""Options that create, rebuild, resize and set share."""

from __future__ import annotations

from typing import Any

import click

from novasim.cli.files import FileContent, read_bytes

PERSONALITY_UNTIL = 56  # the last microversion in which a request may have files for the guest


def read_files(ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> list[dict[str, str]]:
    """
    The files of --file as the request's "personality".

    Raises:
        BadParameter: a value is not of the form PATH=FILE (exit code 2).
        UsageError: a file cannot be read (exit code 2).
    """
    return [_read_file(ctx, param, text) for text in values]


def _read_file(ctx: click.Context, param: click.Parameter, text: str) -> dict[str, str]:
    from base64 import b64encode

    path, sign, name = text.partition("=")
    if not path or not sign:
        raise click.BadParameter(f"{text!r} is not of the form PATH=FILE", ctx, param)
    return {"path": path, "contents": b64encode(read_bytes(name)).decode()}


user_data_option = click.option("--user-data", type=FileContent(), help="File with user data for the guest.")
disk_config_option = click.option(
    "--disk-config",
    type=click.Choice(["AUTO", "MANUAL"], case_sensitive=False),
    help="Whether the root file system grows to the whole disk (AUTO) or the guest partitions it (MANUAL).",
)
access_ipv4_option = click.option("--access-ipv4", help="IPv4 address for access, as recorded.")
access_ipv6_option = click.option("--access-ipv6", help="IPv6 address for access, as recorded.")
files_option = click.option(
    "--file",
    "personality",
    metavar="PATH=FILE",
    multiple=True,
    callback=read_files,
    help="File to write into the guest at PATH (may be repeated; up to microversion 2.56, which is then used).",
)
certificates_option = click.option(
    "--trusted-image-cert",
    "certificates",
    multiple=True,
    help="ID of a certificate that verifies the image (may be repeated).",
)


def shared_fields(options: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request's body from the shared options that were given."""
    fields = {
        "OS-DCF:diskConfig": options.get("disk_config"),
        "accessIPv4": options.get("access_ipv4"),
        "accessIPv6": options.get("access_ipv6"),
        "personality": options.get("personality") or None,
        "trusted_image_certificates": list(options.get("certificates") or ()) or None,
    }
    return {name: value for name, value in fields.items() if value is not None}
